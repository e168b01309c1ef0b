#!/usr/bin/env python3
"""Makes whole programs of the README's blocks.

    readme.py README FOLDER      writes FOLDER/readme.c, readme.cpp and readme-source/main.go
"""

import os
import re
import sys

C = """#include <runloop.h>
#include <stdio.h>

int main(void)
{
%s
    return runloop_live_handles(NULL) == 0 ? 0 : 2;
}
"""
CPP = """#include <iostream>
%s
int main() try {
    {
%s
    }
    return runloop::live_handles() == 0 ? 0 : 2;
} catch (const runloop::Exception &exception) {
    std::cerr << exception.error() << "\\n";
    return 1;
}
"""
GO = """package main

import (
	"context"
	"fmt"
	"log"

	runloop "github.com/librunloop/librunloop/bindings/go"
)

func run(ctx context.Context) error {
%s
}

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
	if left := runloop.LiveHandles(""); left != 0 {
		log.Fatalf("%%d handles are left", left)
	}
}
"""


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


readme, folder = sys.argv[1:]
with open(readme, encoding="utf-8") as file:
    blocks = re.findall(r"^```(c|cpp|go)\n(.*?)^```$", file.read(), re.MULTILINE | re.DOTALL)
if sorted(language for language, _ in blocks) != ["c", "cpp", "go"]:
    sys.exit(f"{readme}: there is to be one block in each of C, C++ and Go")
block = dict(blocks)
include, body = block["cpp"].split("\n", 1)
write(os.path.join(folder, "readme.c"), C % block["c"])
write(os.path.join(folder, "readme.cpp"), CPP % (include, body))
write(os.path.join(folder, "readme-source", "main.go"), GO % re.sub("^(?=.)", "\t", block["go"].rstrip(), flags=re.MULTILINE))

// The headers compile in a program whose macros are spelled like names in them, and leave these as they were.

#include <algorithm>
#include <any>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <iostream>
#include <iterator>
#include <limits>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>
#if __cplusplus >= 202002L
#include <span>
#include <stop_token>
#include <version>
#endif
#if __cplusplus > 202002L
#include <expected>
#endif

#define free(p) no_such_function(p)
#define malloc(size) no_such_function(size)
#define realloc(p, size) no_such_function(p, size)
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#define move(a) no_such_function(a)
#define forward(a) no_such_function(a)
#define swap(a, b) no_such_function(a, b)
#define exchange(a, b) no_such_function(a, b)
#define begin() no_such_function()
#define end() no_such_function()
#define read(a, b, c) no_such_function(a, b, c)
#define write(a, b) no_such_function(a, b)
#define close() no_such_function()
#define open(a, b) no_such_function(a, b)
#define send(a, b, c, d, e) no_such_function(a, b, c, d, e)
#define kill(a, b) no_such_function(a, b)
#define signal(a, b) no_such_function(a, b)
#define list(a, b) no_such_function(a, b)
#define check() no_such_function()
#define fail(a) no_such_function(a)
#define error() no_such_function()
#define status() no_such_function()
#define name(a) no_such_function(a)
#define value() no_such_function()
#define log(a) no_such_function(a)
#define release() no_such_function()
#define reset() no_such_function()
#define get(a) no_such_function(a)
#define info(a) no_such_function(a)
#define debug 1
#define ok 0
#define none 0
#define unknown 0
#define off 0
#define linux 1
#define unix 1
#define Status int
#define Success 0
#define None 0L
#define True 1
#define False 0
#define Bool int

#include <runloop.hpp>

#if !defined(free) || !defined(min) || !defined(Status) || none != 0 || max(1, 2) != 2
#error "The headers have taken macros of the program's away."
#endif

int main() { return runloop::version() == RUNLOOP_VERSION ? 0 : 1; }

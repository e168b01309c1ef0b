package runloop_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"strings"
	"testing"
)

// Everything that a program can name has its comment.
func TestDocumented(t *testing.T) {
	files := token.NewFileSet()
	for _, folder := range []string{".", "runlooptest"} {
		own := func(file fs.FileInfo) bool { return !strings.HasSuffix(file.Name(), "_test.go") }
		packages := must(parser.ParseDir(files, folder, own, parser.ParseComments))(t)
		for _, found := range packages {
			for _, file := range found.Files {
				for _, declared := range file.Decls {
					documented(t, files, declared)
				}
			}
		}
	}
}

func documented(t *testing.T, files *token.FileSet, declared ast.Decl) {
	wants := func(name *ast.Ident, comments ...*ast.CommentGroup) {
		for _, comment := range comments {
			if comment != nil {
				return
			}
		}
		if name.IsExported() {
			t.Errorf("%s: %s has no comment", files.Position(name.Pos()), name)
		}
	}
	switch declared := declared.(type) {
	case *ast.FuncDecl:
		if declared.Recv == nil || receiver(declared).IsExported() {
			wants(declared.Name, declared.Doc)
		}
	case *ast.GenDecl:
		for _, spec := range declared.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				wants(spec.Name, declared.Doc, spec.Doc)
				if structure, is := spec.Type.(*ast.StructType); is && spec.Name.IsExported() {
					fields(files, structure, wants)
				}
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					wants(name, declared.Doc, spec.Doc, spec.Comment)
				}
			}
		}
	}
}

func receiver(method *ast.FuncDecl) *ast.Ident {
	of := method.Recv.List[0].Type
	if pointer, is := of.(*ast.StarExpr); is {
		of = pointer.X
	}
	if generic, is := of.(*ast.IndexExpr); is {
		of = generic.X
	}
	return of.(*ast.Ident)
}

// Fields that stand together share the comment above the first. What a pair holds, its struct's comment says.
func fields(files *token.FileSet, structure *ast.StructType, wants func(*ast.Ident, ...*ast.CommentGroup)) {
	if structure.Fields.NumFields() <= 2 {
		return
	}
	var shared *ast.CommentGroup
	line := 0
	for _, field := range structure.Fields.List {
		if field.Doc != nil || files.Position(field.Pos()).Line != line+1 {
			shared = field.Doc
		}
		line = files.Position(field.End()).Line
		for _, name := range field.Names {
			wants(name, shared, field.Comment)
		}
	}
}

module github.com/librunloop/librunloop/bindings/go

go 1.24

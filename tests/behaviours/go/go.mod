module github.com/librunloop/librunloop/tests/behaviours/go

go 1.24

require github.com/librunloop/librunloop/bindings/go v0.0.0

replace github.com/librunloop/librunloop/bindings/go => ../../../bindings/go

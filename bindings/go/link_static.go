//go:build runloop_static

package runloop

// #cgo pkg-config: runloop-static
import "C"

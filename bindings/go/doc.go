// Package runloop is the Runloop SDK for Go: devboxes (isolated Linux machines in which agents and
// programs run code), commands with live output, files, snapshots, blueprints and storage objects.
// It calls the C library librunloop.
//
//	client, err := runloop.NewClient(nil) // RUNLOOP_API_KEY, RUNLOOP_BASE_URL
//	if err != nil {
//		return err
//	}
//	defer client.Close()
//	devbox, err := client.CreateDevbox(ctx, &runloop.DevboxCreateParams{Name: "quickstart"})
//	if err != nil {
//		return err
//	}
//	defer devbox.Shutdown(context.WithoutCancel(ctx))
//	output, err := devbox.Command(ctx, "uname -a").Output()
//
// # Contexts
//
// Whatever waits takes a context first. When it ends, the call returns within moments, whatever it
// was waiting for, a reader of yours that blocks included; the error is an [*Error] and also
// [context.Canceled] or [context.DeadlineExceeded] by [errors.Is]. What a cancelled call had begun is
// undone behind it: a devbox that was being created is shut down, a command that was run is killed.
// [Client.Close] waits for that; a program that ends without it may be gone before.
//
// A call blocks the operating system's thread that it runs on, as all calls into C do; Go adds
// threads as they are needed. A program that makes very many calls at a time may want
// [runtime/debug.SetMaxThreads].
//
// # Functions of yours
//
// Writers, progress functions and their like run during the call, on the goroutine that made it; a
// reader runs on a goroutine of its own, which is left to itself if it blocks when the call is to end.
// They may do what they like: a panic, or [runtime.Goexit], as of t.FailNow, ends the call with what
// it had begun, and then goes on where the call was made.
//
// # Errors
//
// Every error of a call is an [*Error], with the kind by [errors.Is]:
//
//	if errors.Is(err, runloop.ErrNotFound) { … }
//
// A command that exits with something else than 0 is no error of [Devbox.Exec]; [Cmd.Run] and its
// like give an [*ExitError], as os/exec does.
//
// # Handles
//
// A [Devbox], a [Snapshot] and so on is a handle: an identifier and a connection. Close frees it,
// and does nothing else; the thing itself stays at the service until it is shut down or deleted.
// Close may be called twice; who forgets it leaves it to the garbage collector. Handles may be used
// by any number of goroutines, but for the streams, which say so.
//
// # Parameters and answers
//
// Parameters and answers are structs, made from the API's description. In both an optional number
// or truth value is a pointer, so that 0 and false can be told from nothing ([Ptr] makes one); an
// optional text that is empty is not sent. Extra holds what this version has no name for.
//
// # Linking
//
// By default the library is found by pkg-config, as runloop.pc: the one that `make install` puts
// in place, or that of the source tree after `make`, with PKG_CONFIG_PATH=<tree>/build/lib/pkgconfig,
// and LD_LIBRARY_PATH=<tree>/build/lib where the program runs. With the build tag runloop_static the static library is linked in, so that a program
// needs no librunloop.so where it runs; it is found as runloop-static.pc in the same places.
package runloop

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
// Calls that wait take a context first. When it ends, the call returns within moments, even if one of
// your readers blocks. The error is an [*Error], and also [context.Canceled] or
// [context.DeadlineExceeded] by [errors.Is]. What a cancelled call has started is undone in the
// background: a devbox that was being created is shut down, a command that was being run is killed.
// [Client.Close] waits for these clean-ups; a program that exits without it may cut them off. If a
// clean-up fails, that is only logged: see [SetLogger].
//
// A call blocks the operating system's thread that it runs on, as all calls into C do; Go adds
// threads as needed. A program that makes very many calls at a time may need
// [runtime/debug.SetMaxThreads].
//
// # Callbacks
//
// Writers, progress functions and other callbacks run during the call, on the goroutine that made it. A
// reader runs on a goroutine of its own, which is abandoned if it still blocks when the call ends. A
// panic in a callback, or [runtime.Goexit] (which t.FailNow calls), ends the call, undoes what it has
// started, and then continues in the caller.
//
// # Errors
//
// Every error of a call is an [*Error]. [errors.Is] compares its status:
//
//	if errors.Is(err, runloop.ErrNotFound) { … }
//
// A non-zero exit code is not an error of [Devbox.Exec]. [Cmd.Run] and the like return an
// [*ExitError], as os/exec does.
//
// # Handles
//
// A [Devbox], a [Snapshot] and so on is a handle: an identifier and a connection. Close frees only
// the handle; the resource stays at the service until it is shut down or deleted. Close may be called
// twice. Handles that are not closed are freed by the garbage collector. Any number of goroutines may
// use a handle, except for streams, which say so. Methods of nil and of zero values return an
// [ErrInvalidHandle].
//
// # Parameters and answers
//
// Parameters and answers are structs, generated from the API schema. Optional numbers and bools are
// pointers, so that 0 and false differ from absent ([Ptr] makes one). Empty optional texts are not
// sent. Extra holds members that this version has no field for.
//
// # Linking
//
// By default the library is found by pkg-config, as runloop.pc: the one that `make install` installs,
// or the one of the source tree after `make`, with PKG_CONFIG_PATH=<tree>/build/lib/pkgconfig to
// build, and LD_LIBRARY_PATH=<tree>/build/lib to run. With the build tag runloop_static the static
// library is linked in, so that the program needs no librunloop.so; it is found as runloop-static.pc
// in the same places.
package runloop

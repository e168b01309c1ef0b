package runloop

// #include "shim.h"
import "C"

import "context"

// GetInfo returns the devbox as the API shows it now.
func (d *Devbox) GetInfo(ctx context.Context, options ...CallOption) (*DevboxView, error) {
	return answer[DevboxView](ctx, begin(d, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_devbox_get_info(d.c(), o, v, e)
	})
}

// Update changes the devbox's name or metadata.
func (d *Devbox) Update(ctx context.Context, params *DevboxUpdateParams, options ...CallOption) (*DevboxView, error) {
	k := begin(d, options)
	p := k.json("The parameters", params)
	return changed[DevboxView](ctx, k, func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_devbox_update(d.c(), p, o, v, e)
	})
}

// Usage returns what the devbox has used so far.
func (d *Devbox) Usage(ctx context.Context, options ...CallOption) (*DevboxResourceUsageView, error) {
	return answer[DevboxResourceUsageView](ctx, begin(d, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_devbox_usage(d.c(), o, v, e)
	})
}

// Logs returns what the devbox has logged so far. Logs reach the service late; a command's output is in
// its result.
func (d *Devbox) Logs(ctx context.Context, params *DevboxLogsParams, options ...CallOption) (*DevboxLogsListView, error) {
	k := begin(d, options)
	p := k.json("The parameters", params)
	return answer[DevboxLogsListView](ctx, k, func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_devbox_logs(d.c(), p, o, v, e)
	})
}

// KeepAlive resets the devbox's keep-alive timer.
func (d *Devbox) KeepAlive(ctx context.Context, options ...CallOption) error {
	return simple(ctx, begin(d, options), func(o cOptions, e cError) cStatus {
		return C.runloop_devbox_keep_alive(d.c(), o, e)
	})
}

// AwaitRunning waits until the devbox runs, for 120 s unless [WithPollTimeout] is given. Any other end
// is [ErrDevboxFailed].
func (d *Devbox) AwaitRunning(ctx context.Context, options ...CallOption) (*DevboxView, error) {
	return answer[DevboxView](ctx, begin(d, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_devbox_await_running(d.c(), o, v, e)
	})
}

// AwaitSuspended waits until the devbox is suspended, for 120 s unless [WithPollTimeout] is given. Any
// other end is [ErrDevboxFailed].
func (d *Devbox) AwaitSuspended(ctx context.Context, options ...CallOption) (*DevboxView, error) {
	return answer[DevboxView](ctx, begin(d, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_devbox_await_suspended(d.c(), o, v, e)
	})
}

// Suspend ends the devbox's processes, keeps its disk, and waits until it is suspended.
func (d *Devbox) Suspend(ctx context.Context, options ...CallOption) (*DevboxView, error) {
	return changed[DevboxView](ctx, begin(d, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_devbox_suspend(d.c(), o, v, e)
	})
}

// Resume resumes a suspended devbox and waits until it runs.
func (d *Devbox) Resume(ctx context.Context, options ...CallOption) (*DevboxView, error) {
	return changed[DevboxView](ctx, begin(d, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_devbox_resume(d.c(), o, v, e)
	})
}

// ResumeAsync resumes a suspended devbox without waiting until it runs.
func (d *Devbox) ResumeAsync(ctx context.Context, options ...CallOption) (*DevboxView, error) {
	return changed[DevboxView](ctx, begin(d, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_devbox_resume_async(d.c(), o, v, e)
	})
}

// Shutdown shuts the devbox down: everything running in it is killed, and its disk is deleted. The
// handle stays valid.
func (d *Devbox) Shutdown(ctx context.Context, options ...CallOption) error {
	return simple(ctx, begin(d, options), func(o cOptions, e cError) cStatus {
		return C.runloop_devbox_shutdown(d.c(), o, nil, e)
	})
}

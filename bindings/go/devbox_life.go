package runloop

// #include "shim.h"
import "C"

import "context"

// GetInfo gives the devbox as the API shows it now.
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

// Usage gives what the devbox has used so far.
func (d *Devbox) Usage(ctx context.Context, options ...CallOption) (*DevboxResourceUsageView, error) {
	return answer[DevboxResourceUsageView](ctx, begin(d, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_devbox_usage(d.c(), o, v, e)
	})
}

// Logs gives what the devbox has logged so far. Logs arrive late at the service: a command's
// output is had from its result.
func (d *Devbox) Logs(ctx context.Context, params *DevboxLogsParams, options ...CallOption) (*DevboxLogsListView, error) {
	k := begin(d, options)
	p := k.json("The parameters", params)
	return answer[DevboxLogsListView](ctx, k, func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_devbox_logs(d.c(), p, o, v, e)
	})
}

// KeepAlive starts the devbox's keep-alive time anew.
func (d *Devbox) KeepAlive(ctx context.Context, options ...CallOption) error {
	return simple(ctx, begin(d, options), func(o cOptions, e cError) cStatus {
		return C.runloop_devbox_keep_alive(d.c(), o, e)
	})
}

// AwaitRunning waits until the devbox runs, for 120 s at most where [WithPollTimeout] does not say.
// Any other end is [ErrDevboxFailed].
func (d *Devbox) AwaitRunning(ctx context.Context, options ...CallOption) (*DevboxView, error) {
	return answer[DevboxView](ctx, begin(d, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_devbox_await_running(d.c(), o, v, e)
	})
}

// AwaitSuspended waits until the devbox is suspended, for 120 s at most where [WithPollTimeout] does
// not say. Any other end is [ErrDevboxFailed].
func (d *Devbox) AwaitSuspended(ctx context.Context, options ...CallOption) (*DevboxView, error) {
	return answer[DevboxView](ctx, begin(d, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_devbox_await_suspended(d.c(), o, v, e)
	})
}

// Suspend ends the devbox's processes, keeps its disk, and waits until that is done.
func (d *Devbox) Suspend(ctx context.Context, options ...CallOption) (*DevboxView, error) {
	return changed[DevboxView](ctx, begin(d, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_devbox_suspend(d.c(), o, v, e)
	})
}

// Resume lets a suspended devbox run again, and waits until it does.
func (d *Devbox) Resume(ctx context.Context, options ...CallOption) (*DevboxView, error) {
	return changed[DevboxView](ctx, begin(d, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_devbox_resume(d.c(), o, v, e)
	})
}

// ResumeAsync lets a suspended devbox run again, without waiting until it does.
func (d *Devbox) ResumeAsync(ctx context.Context, options ...CallOption) (*DevboxView, error) {
	return changed[DevboxView](ctx, begin(d, options), func(o cOptions, v cValue, e cError) cStatus {
		return C.runloop_devbox_resume_async(d.c(), o, v, e)
	})
}

// Shutdown ends the devbox, with everything that runs in it; its disk is gone. The handle stays.
func (d *Devbox) Shutdown(ctx context.Context, options ...CallOption) error {
	return simple(ctx, begin(d, options), func(o cOptions, e cError) cStatus {
		return C.runloop_devbox_shutdown(d.c(), o, nil, e)
	})
}

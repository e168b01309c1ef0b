// Walks through lists.

#ifndef RUNLOOP_LIST_HPP
#define RUNLOOP_LIST_HPP

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <runloop/call.hpp>
#include <runloop/pull.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

/// An item of a list: a handle, and how the API showed the thing when the page was fetched.
template <class Noun, class View>
struct Listed {
    /// The handle.
    Noun noun;
    /// How the API showed it.
    View info;
};

/// A walk through a list, which asks for page after page. Nothing is sent before the first item is asked
/// for. Each page is asked for with the options given at the beginning.
template <class Noun, class View, class Raw, class Cursor, void (*free)(Cursor *),
          std::int32_t (*ask)(const Cursor *, const runloop_call_options *, Raw **, runloop_value **, runloop_error **)>
class List : public Pull<List<Noun, View, Raw, Cursor, free, ask>, Listed<Noun, View>> {
public:
    /// Takes a cursor, or what went wrong instead.
    List(Result<detail::Handle<Cursor, free>> cursor, CallOptions options) : cursor_(std::move(cursor)), options_(std::move(options)) {}

    /// The next item; nothing at the end. After a failure the same page is asked for again.
    Result<std::optional<Listed<Noun, View>>> next() {
        if (!cursor_)
            return cursor_.error();
        detail::Call call(options_);
        Raw *noun = nullptr;
        runloop_value *info = nullptr;
        if (call.ready())
            call.did(ask(cursor_->raw(), call.options(), &noun, &info, call.error()));
        Noun owned(noun);
        Result<View> view = call.template view<View>(info);
        if (!view)
            return std::move(view.error());
        if (!owned)
            return std::optional<Listed<Noun, View>>();
        return std::optional<Listed<Noun, View>>(Listed<Noun, View>{std::move(owned), std::move(*view)});
    }

private:
    Result<detail::Handle<Cursor, free>> cursor_;
    CallOptions options_;
};

namespace detail {

/// Begins a walk.
template <class Walk, class Cursor, void (*free)(Cursor *), class Begin, class Filters>
Walk walk(Begin begin, const Filters &filters, CallOptions options) {
    Call call;
    Cursor *cursor = nullptr;
    const runloop_params *params = call.params(filters);
    if (call.ready())
        call.did(begin(params, &cursor, call.error()));
    return Walk(call.template give<Handle<Cursor, free>>(cursor), std::move(options));
}

}  // namespace detail

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif

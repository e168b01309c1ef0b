// Lists.

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

/// An item of a list: a handle, and its data when the page was fetched.
template <class Noun, class View>
struct Listed {
    /// The handle.
    Noun noun;
    /// Its data.
    View info;
};

/// A list, fetched page by page. Nothing is sent until the first item is requested. Every page is requested with the options
/// given when the list was made.
template <class Noun, class View, class Raw, class Cursor, void (*free)(Cursor *),
          std::int32_t (*ask)(const Cursor *, const runloop_call_options *, Raw **, runloop_value **, runloop_error **)>
class List : public Pull<List<Noun, View, Raw, Cursor, free, ask>, Listed<Noun, View>> {
public:
    /// Takes a cursor, or the error of making one.
    List(Result<detail::Handle<Cursor, free>> cursor, CallOptions options) : cursor_(std::move(cursor)), options_(std::move(options)) {}

    /// Returns the next item, or nothing at the end. After an error the same page is requested again.
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

/// Makes a list.
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

// What the nouns share: the usual forms of call.

#ifndef RUNLOOP_NOUN_HPP
#define RUNLOOP_NOUN_HPP

#include <string_view>

#include <runloop/call.hpp>
#include <runloop/client.hpp>
#include <runloop/types.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

namespace detail {

/// Owns a handle, and makes calls of the usual forms of it.
template <class C, void (*free)(C *)>
class Noun : public Handle<C, free> {
public:
    using Handle<C, free>::Handle;

protected:
    /// Calls what gives a handle, for parameters.
    template <class Given, class Params, class Function>
    static Result<Given> made(const Params &params, const CallOptions &options, Function function) {
        Call call(options);
        const runloop_params *body = call.params(params);
        typename Given::Raw *given = nullptr;
        if (call.ready())
            call.did(function(body, call.options(), &given, call.error()));
        return call.template give<Given>(given);
    }

    /// Calls what gives a handle, for a text and parameters.
    template <class Given, class Params, class Function>
    static Result<Given> made(const char *what, std::string_view text, const Params &params, const CallOptions &options,
                              Function function) {
        Call call(options);
        const char *c_text = call.text(what, text);
        const runloop_params *body = call.params(params);
        typename Given::Raw *given = nullptr;
        if (call.ready())
            call.did(function(c_text, body, call.options(), &given, call.error()));
        return call.template give<Given>(given);
    }

    /// Calls what gives a handle for a name or an identifier, without a request.
    template <class Given, class Parent, class Function>
    static Result<Given> named(const char *what, std::string_view text, const Parent &parent, Function function) {
        Call call;
        const char *c_text = call.text(what, text);
        typename Given::Raw *given = nullptr;
        if (call.ready())
            call.did(function(parent.raw(), c_text, &given, call.error()));
        return call.template give<Given>(given);
    }

    /// Calls what gives an answer.
    template <class View, class Function>
    Result<View> viewed(const CallOptions &options, Function function) const {
        Call call(options);
        runloop_value *answer = nullptr;
        if (call.ready())
            call.did(function(this->raw(), call.options(), &answer, call.error()));
        return call.template view<View>(answer);
    }

    /// Calls what gives an answer, for parameters.
    template <class View, class Params, class Function>
    Result<View> viewed(const Params &params, const CallOptions &options, Function function) const {
        Call call(options);
        const runloop_params *body = call.params(params);
        runloop_value *answer = nullptr;
        if (call.ready())
            call.did(function(this->raw(), body, call.options(), &answer, call.error()));
        return call.template view<View>(answer);
    }

    /// Calls what gives nothing.
    template <class Function>
    Result<void> done(const CallOptions &options, Function function) const {
        Call call(options);
        if (call.ready())
            call.did(function(this->raw(), call.options(), call.error()));
        return call.done();
    }
};

}  // namespace detail

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif

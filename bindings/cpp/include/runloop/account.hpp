// The account, and its API keys.

#ifndef RUNLOOP_ACCOUNT_HPP
#define RUNLOOP_ACCOUNT_HPP

#include <runloop/noun.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

namespace detail {

/// Calls what makes a key.
template <class View, class Params, class Function>
Result<View> make_key(const Client &client, const Params &params, const CallOptions &options, Function function) {
    Call call(options);
    const runloop_params *body = call.params(params);
    runloop_value *key = nullptr;
    if (call.ready())
        call.did(function(client.raw(), body, call.options(), &key, call.error()));
    return call.template view<View>(key);
}

}  // namespace detail

/// The account.
class Account {
public:
    /// The account whose API key the client has.
    static Result<AccountView> me(const Client &client, const CallOptions &options = {}) {
        detail::Call call(options);
        runloop_value *account = nullptr;
        if (call.ready())
            call.did(runloop_account_me(client.raw(), call.options(), &account, call.error()));
        return call.view<AccountView>(account);
    }
};

/// API keys.
class ApiKey {
public:
    /// Creates an API key. The secret is only in the answer: in no message and no log.
    static Result<ApiKeyCreatedView> create(const Client &client, const ApiKeyCreateParams &params = {}, const CallOptions &options = {}) {
        return detail::make_key<ApiKeyCreatedView>(client, params, options, runloop_api_key_create);
    }
};

/// API keys that may do only what their scopes allow.
class RestrictedKey {
public:
    /// Creates a restricted key. The secret is only in the answer: in no message and no log.
    static Result<RestrictedKeyCreatedView> create(const Client &client, const RestrictedKeyCreateParams &params = {},
                                                   const CallOptions &options = {}) {
        return detail::make_key<RestrictedKeyCreatedView>(client, params, options, runloop_restricted_key_create);
    }
};

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif

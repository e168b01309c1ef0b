// Secrets.

#ifndef RUNLOOP_SECRET_HPP
#define RUNLOOP_SECRET_HPP

#include <string_view>

#include <runloop/list.hpp>
#include <runloop/noun.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

class Secret;

/// A list of secrets.
using SecretList = List<Secret, SecretView, runloop_secret, runloop_secret_cursor, runloop_secret_cursor_free, runloop_secret_cursor_next>;

/// A secret. The object is bound to a name, and then means the newest secret of that name, or to the identifier of one secret, and
/// then never refers to another. A secret's value is sent to the service and never returned; it is in no message and no log.
/// Thread-safe.
class Secret : public detail::Noun<runloop_secret, runloop_secret_free> {
public:
    using Noun::Noun;

    /// Creates a secret, and binds to its name. Devboxes that are given the name get the value in their
    /// environment.
    static Result<Secret> create(const Client &client, std::string_view name, std::string_view value, const CallOptions &options = {}) {
        detail::Call call(options);
        const char *c_name = call.text("name", name);
        const char *c_value = call.text("value", value);
        runloop_secret *secret = nullptr;
        if (call.ready())
            call.did(runloop_secret_create(client.raw(), c_name, c_value, call.options(), &secret, call.error()));
        return call.give<Secret>(secret);
    }

    /// The newest secret of a name, without checking that it exists.
    static Result<Secret> from_name(const Client &client, std::string_view name) {
        return named<Secret>("name", name, client, runloop_secret_from_name);
    }

    /// Returns a handle for one secret, by its identifier. Does not check that it exists. It never refers to another secret of the
    /// same name.
    static Result<Secret> from_id(const Client &client, std::string_view id) {
        return named<Secret>("id", id, client, runloop_secret_from_id);
    }

    /// Lists the secrets. The API returns them in one page: `limit` of them, or up to 5000.
    static SecretList list(const Client &client, const SecretListParams &filters = {}, const CallOptions &options = {});

    /// The name that it is bound to, borrowed; empty if it is bound to a row.
    std::string_view name() const noexcept { return detail::borrowed(runloop_secret_name(raw())); }

    /// The identifier of the row that it is bound to, or that it had when it was created or listed, borrowed;
    /// empty if it is not known.
    std::string_view id() const noexcept { return detail::borrowed(runloop_secret_id(raw())); }

    /// The secret as the API shows it, without its value.
    Result<SecretView> get_info(const CallOptions &options = {}) const { return viewed<SecretView>(options, runloop_secret_get_info); }

    /// Changes the secret's value.
    Result<SecretView> update(std::string_view value, const CallOptions &options = {}) const {
        detail::Call call(options);
        const char *c_value = call.text("value", value);
        runloop_value *info = nullptr;
        if (call.ready())
            call.did(runloop_secret_update(raw(), c_value, call.options(), &info, call.error()));
        return call.view<SecretView>(info);
    }

    /// Deletes one secret if it is bound to an identifier, or all secrets of the name if it is bound to a name.
    Result<SecretView> delete_(const CallOptions &options = {}) const { return viewed<SecretView>(options, runloop_secret_delete); }
};

inline SecretList Secret::list(const Client &client, const SecretListParams &filters, const CallOptions &options) {
    return detail::walk<SecretList, runloop_secret_cursor, runloop_secret_cursor_free>(
        [&](auto... rest) { return runloop_secret_list(client.raw(), rest...); }, filters, options);
}

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif

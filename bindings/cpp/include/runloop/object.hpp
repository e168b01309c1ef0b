// Objects of the service's storage.

#ifndef RUNLOOP_OBJECT_HPP
#define RUNLOOP_OBJECT_HPP

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <runloop/list.hpp>
#include <runloop/noun.hpp>
#include <runloop/transfer.hpp>
#include <runloop/tree_options.hpp>

#include <runloop/macros_off.hpp>

RUNLOOP_BEGIN

class Object;

/// A walk through objects.
using ObjectList = List<Object, ObjectView, runloop_object, runloop_object_cursor, runloop_object_cursor_free, runloop_object_cursor_next>;

/// What an upload makes of its content; what is not set is found out.
struct ObjectUploadParams {
    /// The object's name. Default: the file's or the directory's; for other content it is an argument.
    std::optional<std::string> name{};
    /// What the content is. Default: by the name's ending.
    std::optional<ObjectContentType> content_type{};
    /// Your own names and values.
    OptionalItems<std::map<std::string, std::string>> metadata{};
    /// After how many milliseconds the object is deleted. Default: never.
    std::optional<std::int64_t> ttl_ms{};
    /// Members that this version has no name for; they win over those above.
    std::map<std::string, Json> extra{};

    /// Shows each member, by its name in JSON, to a visitor.
    template <class Visitor, class Self>
    static void members(Visitor &visitor, Self &self) {
        visitor.member("name", self.name);
        visitor.member("content_type", self.content_type);
        visitor.member("metadata", self.metadata);
        visitor.member("ttl_ms", self.ttl_ms);
        visitor.rest(self.extra);
    }
};

/// An object of the service's storage. The object in the program is its identifier and, for a new one, where
/// its content goes; its end leaves what is stored. Thread-safe.
///
/// Uploads leave nothing behind: where one fails after the object was created, or is cancelled, it is deleted
/// behind it, unless CallOptions::keep_on_failure is set. CallOptions::timeout is how long a transfer may
/// stand still (default: the client's, else 60 s).
class Object : public detail::Noun<runloop_object, runloop_object_free> {
public:
    using Noun::Noun;

    /// Creates an object without content. Fill it with upload_content(), then make it readable with complete();
    /// or let one of the upload_from_… functions do all three.
    static Result<Object> create(const Client &client, const ObjectCreateParams &params, const CallOptions &options = {}) {
        return made<Object>(params, options, [&](auto... rest) { return runloop_object_create(client.raw(), rest...); });
    }

    /// An object by its identifier, without asking whether there is one.
    static Result<Object> from_id(const Client &client, std::string_view id) {
        return named<Object>("id", id, client, runloop_object_from_id);
    }

    /// Begins a walk through the objects.
    static ObjectList list(const Client &client, const ObjectListParams &filters = {}, const CallOptions &options = {});

    /// Begins a walk through the objects that are everybody's.
    static ObjectList list_public(const Client &client, const ObjectListParams &filters = {}, const CallOptions &options = {});

    /// Makes an object of a file of this machine, of any size, a few pieces of it in memory at a time.
    static Result<Object> upload_from_file(const Client &client, std::string_view path, const ObjectUploadParams &params = {},
                                           const CallOptions &options = {}) {
        return made<Object>("path", path, params, options,
                            [&](auto... rest) { return runloop_object_upload_from_file(client.raw(), rest...); });
    }

    /// Makes an object of a directory of this machine: a tar.gz of all that is below it.
    static Result<Object> upload_from_dir(const Client &client, std::string_view path, const TreeOptions &tree = {},
                                          const ObjectUploadParams &params = {}, const CallOptions &options = {}) {
        return from_tree(runloop_object_upload_from_dir, client, path, tree, params, options);
    }

    /// Makes an object of a text.
    static Result<Object> upload_from_text(const Client &client, std::string_view name, std::string_view text,
                                           const ObjectUploadParams &params = {}, const CallOptions &options = {}) {
        detail::Call call(options);
        const char *c_name = call.text("name", name);
        const char *c_text = call.text("text", text);
        const runloop_params *body = call.params(params);
        runloop_object *object = nullptr;
        if (call.ready())
            call.did(runloop_object_upload_from_text(client.raw(), c_name, c_text, body, call.options(), &object, call.error()));
        return call.give<Object>(object);
    }

    /// Makes an object of bytes.
    static Result<Object> upload_from_bytes(const Client &client, std::string_view name, std::string_view data,
                                            const ObjectUploadParams &params = {}, const CallOptions &options = {}) {
        return made<Object>("name", name, params, options, [&](const char *c_name, auto... rest) {
            return runloop_object_upload_from_bytes(client.raw(), c_name, data.data(), data.size(), rest...);
        });
    }

#if RUNLOOP_SPAN
    /// The same.
    static Result<Object> upload_from_bytes(const Client &client, std::string_view name, std::span<const std::byte> data,
                                            const ObjectUploadParams &params = {}, const CallOptions &options = {}) {
        return upload_from_bytes(client, name, std::string_view(reinterpret_cast<const char *>(data.data()), data.size()), params, options);
    }
    /// The same, of no bytes: `{}`.
    static Result<Object> upload_from_bytes(const Client &client, std::string_view name, std::initializer_list<detail::Nothing>,
                                            const ObjectUploadParams &params = {}, const CallOptions &options = {}) {
        return upload_from_bytes(client, name, std::string_view(), params, options);
    }
#endif

    /// Makes an object of what a file, memory, descriptor, function or stream gives. A storage wants to know the
    /// length first: where it is not known the bytes are gathered, in memory while they are few, else in a
    /// file without a name in TMPDIR (/tmp).
    static Result<Object> upload_from_source(const Client &client, std::string_view name, const Source &source,
                                             const ObjectUploadParams &params = {}, const CallOptions &options = {}) {
        detail::Call call(options);
        const char *c_name = call.text("name", name);
        call.makes();
        const runloop_source from = source.to_c(call);
        const runloop_params *body = call.params(params);
        runloop_object *object = nullptr;
        if (call.ready())
            call.did(runloop_object_upload_from_source(client.raw(), c_name, &from, body, call.options(), &object, call.error()));
        return call.give<Object>(object);
    }

    /// Makes an object of a directory as a blueprint's build context, without what its `.dockerignore` names.
    /// Give it to the blueprint with as_build_context().
    static Result<Object> upload_docker_context(const Client &client, std::string_view path, const TreeOptions &tree = {},
                                                const ObjectUploadParams &params = {}, const CallOptions &options = {}) {
        return from_tree(runloop_docker_context_upload, client, path, tree, params, options);
    }

    /// The identifier, `obj_…`, borrowed from the object.
    std::string_view id() const noexcept { return detail::borrowed(runloop_object_id(raw())); }

    /// The signed URL to which the content goes, for other means than upload_content(), borrowed from the object.
    /// It is a credential. Empty where there is none.
    std::string_view upload_url() const noexcept { return detail::borrowed(runloop_object_upload_url(raw())); }

    /// The object as the API shows it now.
    Result<ObjectView> refresh(const CallOptions &options = {}) const { return viewed<ObjectView>(options, runloop_object_refresh); }

    /// Sends the content of an object that create() made. Complete it afterwards.
    Result<void> upload_content(const Source &source, const CallOptions &options = {}) const {
        detail::Call call(options);
        const runloop_source from = source.to_c(call);
        if (call.ready())
            call.did(runloop_object_upload_content(raw(), &from, call.options(), call.error()));
        return call.done();
    }

    /// Says that the content is whole: from then on the object can be read, and not be written.
    Result<ObjectView> complete(const CallOptions &options = {}) const { return viewed<ObjectView>(options, runloop_object_complete); }

    /// A signed URL of the content. It is a credential.
    Result<ObjectDownloadUrlView> get_download_url(const ObjectDownloadParams &params = {}, const CallOptions &options = {}) const {
        return viewed<ObjectDownloadUrlView>(params, options, runloop_object_get_download_url);
    }

    /// Deletes the object and its content.
    Result<ObjectView> delete_(const CallOptions &options = {}) const { return viewed<ObjectView>(options, runloop_object_delete); }

    /// The object as a blueprint's build context: `params.build_context = object.as_build_context().value()`.
    Result<BuildContext> as_build_context() const {
        detail::Call call;
        runloop_value *context = nullptr;
        call.did(runloop_object_as_build_context(raw(), &context, call.error()));
        return call.view<BuildContext>(context);
    }

    /// The content, in memory.
    Result<std::string> download_as_bytes(const ObjectDownloadParams &params = {}, const CallOptions &options = {}) const {
        return downloaded(runloop_object_download_as_bytes, params, options);
    }

    /// The content as UTF-8 text; what is none in it is replaced by U+FFFD.
    Result<std::string> download_as_text(const ObjectDownloadParams &params = {}, const CallOptions &options = {}) const {
        return downloaded(runloop_object_download_as_text, params, options);
    }

    /// Fetches the content to a file of this machine, which appears under its name when it is whole.
    Result<void> download_to_file(std::string_view path, const ObjectDownloadParams &params = {}, const CallOptions &options = {}) const {
        detail::Call call(options);
        const char *c_path = call.text("path", path);
        const runloop_params *body = call.params(params);
        if (call.ready())
            call.did(runloop_object_download_to_file(raw(), c_path, body, call.options(), call.error()));
        return call.done();
    }

    /// Fetches the content, a tar or tar.gz archive, and unpacks it as it comes into a directory of this machine.
    /// Nothing lands outside it.
    Result<void> download_to_dir(std::string_view path, const TreeOptions &tree = {}, const ObjectDownloadParams &params = {},
                                 const CallOptions &options = {}) const {
        detail::Call call(options);
        const char *c_path = call.text("path", path);
        const detail::TreeCall how(call, tree);
        const runloop_params *body = call.params(params);
        if (call.ready())
            call.did(runloop_object_download_to_dir(raw(), c_path, how.raw(), body, call.options(), call.error()));
        return call.done();
    }

    /// Fetches the content to a file, descriptor, function or stream.
    Result<void> download_to_sink(const Sink &sink, const ObjectDownloadParams &params = {}, const CallOptions &options = {}) const {
        detail::Call call(options);
        const runloop_sink into = sink.to_c(call);
        const runloop_params *body = call.params(params);
        if (call.ready())
            call.did(runloop_object_download_to_sink(raw(), &into, body, call.options(), call.error()));
        return call.done();
    }

private:
    template <class Function>
    static Result<Object> from_tree(Function function, const Client &client, std::string_view path, const TreeOptions &tree,
                                    const ObjectUploadParams &params, const CallOptions &options) {
        detail::Call call(options);
        const char *c_path = call.text("path", path);
        const detail::TreeCall how(call, tree);
        const runloop_params *body = call.params(params);
        runloop_object *object = nullptr;
        if (call.ready())
            call.did(function(client.raw(), c_path, how.raw(), body, call.options(), &object, call.error()));
        return call.give<Object>(object);
    }
    template <class Function>
    Result<std::string> downloaded(Function function, const ObjectDownloadParams &params, const CallOptions &options) const {
        detail::Call call(options);
        const runloop_params *body = call.params(params);
        runloop_bytes *contents = nullptr;
        if (call.ready())
            call.did(function(raw(), body, call.options(), &contents, call.error()));
        return call.bytes(contents);
    }
};

inline ObjectList Object::list(const Client &client, const ObjectListParams &filters, const CallOptions &options) {
    return detail::walk<ObjectList, runloop_object_cursor, runloop_object_cursor_free>(
        [&](auto... rest) { return runloop_object_list(client.raw(), rest...); }, filters, options);
}

inline ObjectList Object::list_public(const Client &client, const ObjectListParams &filters, const CallOptions &options) {
    return detail::walk<ObjectList, runloop_object_cursor, runloop_object_cursor_free>(
        [&](auto... rest) { return runloop_object_list_public(client.raw(), rest...); }, filters, options);
}

RUNLOOP_END

#include <runloop/macros_on.hpp>

#endif

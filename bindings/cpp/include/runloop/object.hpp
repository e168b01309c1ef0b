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

/// A list of objects.
using ObjectList = List<Object, ObjectView, runloop_object, runloop_object_cursor, runloop_object_cursor_free, runloop_object_cursor_next>;

/// The parameters of an upload. Members that are not set are derived.
struct ObjectUploadParams {
    /// The object's name. Default: the file's or the directory's; for other content it is an argument.
    std::optional<std::string> name{};
    /// The content type. Default: by the name's extension.
    std::optional<ObjectContentType> content_type{};
    /// Metadata.
    OptionalItems<std::map<std::string, std::string>> metadata{};
    /// The lifetime in milliseconds; then the object is deleted. Default: no limit.
    OptionalInt ttl_ms{};
    /// Members that this version has no name for; they override those above.
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

/// An object of the service's storage. The C++ object holds its identifier and, if it is new, its upload URL; the destructor
/// deletes nothing at the service. Thread-safe.
///
/// Uploads leave nothing behind: if one fails after the object was created, or is cancelled, the object is deleted in the
/// background, unless CallOptions::keep_on_failure is set. CallOptions::timeout is a transfer's idle timeout (default: the
/// client's, or 60 s).
class Object : public detail::Noun<runloop_object, runloop_object_free> {
public:
    using Noun::Noun;

    /// Creates an object without content. Upload that with upload_content(), then call complete(); the upload_from_… functions do
    /// all three.
    static Result<Object> create(const Client &client, const ObjectCreateParams &params, const CallOptions &options = {}) {
        return made<Object>(params, options, [&](auto... rest) { return runloop_object_create(client.raw(), rest...); });
    }

    /// An object by its identifier, without checking that it exists.
    static Result<Object> from_id(const Client &client, std::string_view id) {
        return named<Object>("id", id, client, runloop_object_from_id);
    }

    /// Lists the objects.
    static ObjectList list(const Client &client, const ObjectListParams &filters = {}, const CallOptions &options = {});

    /// Lists the public objects.
    static ObjectList list_public(const Client &client, const ObjectListParams &filters = {}, const CallOptions &options = {});

    /// Uploads a local file of any size as an object, in constant memory.
    static Result<Object> upload_from_file(const Client &client, std::string_view path, const ObjectUploadParams &params = {},
                                           const CallOptions &options = {}) {
        return made<Object>("path", path, params, options,
                            [&](auto... rest) { return runloop_object_upload_from_file(client.raw(), rest...); });
    }

    /// Uploads a local directory as an object: a tar.gz of everything below it.
    static Result<Object> upload_from_dir(const Client &client, std::string_view path, const TreeOptions &tree = {},
                                          const ObjectUploadParams &params = {}, const CallOptions &options = {}) {
        return from_tree(runloop_object_upload_from_dir, client, path, tree, params, options);
    }

    /// Uploads a text as an object.
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

    /// Uploads bytes as an object.
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

    /// Uploads the content of a file, memory, descriptor, function or stream as an object. The storage needs the length first: if
    /// it is not known, the bytes are buffered, in memory while they are few, otherwise in an unnamed file in TMPDIR (/tmp).
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

    /// Uploads a directory as a blueprint's build context, without what its `.dockerignore` excludes. Pass it to the blueprint
    /// with as_build_context().
    static Result<Object> upload_docker_context(const Client &client, std::string_view path, const TreeOptions &tree = {},
                                                const ObjectUploadParams &params = {}, const CallOptions &options = {}) {
        return from_tree(runloop_docker_context_upload, client, path, tree, params, options);
    }

    /// The identifier, `obj_…`, borrowed from the object.
    std::string_view id() const noexcept { return detail::borrowed(runloop_object_id(raw())); }

    /// The signed upload URL, for programs that do not use upload_content(); borrowed from the object. It is a credential. Empty
    /// if there is none.
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

    /// Marks the object as complete: from then on it can be read, and no longer be written.
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

    /// Returns the content as text; bytes that are not valid UTF-8 are replaced by U+FFFD.
    Result<std::string> download_as_text(const ObjectDownloadParams &params = {}, const CallOptions &options = {}) const {
        return downloaded(runloop_object_download_as_text, params, options);
    }

    /// Downloads the content to a local file, which appears under its name when it is complete.
    Result<void> download_to_file(std::string_view path, const ObjectDownloadParams &params = {}, const CallOptions &options = {}) const {
        detail::Call call(options);
        const char *c_path = call.text("path", path);
        const runloop_params *body = call.params(params);
        if (call.ready())
            call.did(runloop_object_download_to_file(raw(), c_path, body, call.options(), call.error()));
        return call.done();
    }

    /// Downloads the content, a tar or tar.gz archive, and unpacks it into a local directory as it arrives. Nothing is written
    /// outside of it.
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

    /// Downloads the content to a file, descriptor, function or stream.
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

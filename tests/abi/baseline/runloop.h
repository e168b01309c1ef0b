#ifndef RUNLOOP_H
#define RUNLOOP_H
#include <stddef.h>
#include <stdint.h>
#define RUNLOOP_VERSION "0.1.0"
#define RUNLOOP_VERSION_MAJOR 0
#define RUNLOOP_VERSION_MINOR 1
#define RUNLOOP_VERSION_PATCH 0
#define RUNLOOP_VERSION_NUMBER (RUNLOOP_VERSION_MAJOR * 10000 + RUNLOOP_VERSION_MINOR * 100 + RUNLOOP_VERSION_PATCH)
#define RUNLOOP_ABI 0
#define RUNLOOP_CALL_OPTIONS_INIT \
    { sizeof(runloop_call_options), 0, 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL }
#define RUNLOOP_EXEC_OPTIONS_INIT \
    { sizeof(runloop_exec_options), NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, 0, 0 }
#define RUNLOOP_TREE_OPTIONS_INIT { sizeof(runloop_tree_options), NULL, NULL, NULL, NULL, 0, 0 }
#define RUNLOOP_SOURCE_INIT { sizeof(runloop_source), NULL, NULL, -1, NULL, NULL, -1, 0 }
#define RUNLOOP_SINK_INIT { sizeof(runloop_sink), NULL, NULL, NULL, -1, 0 }
#ifdef __cplusplus
extern "C" {
#endif
typedef struct runloop_error runloop_error;
typedef struct runloop_bytes runloop_bytes;
typedef struct runloop_cancel runloop_cancel;
typedef struct runloop_params runloop_params;
typedef struct runloop_value runloop_value;
typedef struct runloop_config runloop_config;
typedef struct runloop_client runloop_client;
typedef struct runloop_devbox runloop_devbox;
typedef struct runloop_devbox_cursor runloop_devbox_cursor;
typedef struct runloop_exec_result runloop_exec_result;
typedef struct runloop_execution runloop_execution;
typedef struct runloop_output_stream runloop_output_stream;
typedef struct runloop_object runloop_object;
typedef struct runloop_object_cursor runloop_object_cursor;
typedef struct runloop_snapshot runloop_snapshot;
typedef struct runloop_snapshot_cursor runloop_snapshot_cursor;
typedef struct runloop_blueprint runloop_blueprint;
typedef struct runloop_blueprint_cursor runloop_blueprint_cursor;
typedef struct runloop_event_stream runloop_event_stream;
typedef struct runloop_axon runloop_axon;
typedef struct runloop_axon_cursor runloop_axon_cursor;
typedef struct runloop_axon_event_cursor runloop_axon_event_cursor;
typedef struct runloop_secret runloop_secret;
typedef struct runloop_secret_cursor runloop_secret_cursor;
typedef struct runloop_network_policy runloop_network_policy;
typedef struct runloop_network_policy_cursor runloop_network_policy_cursor;
typedef struct runloop_gateway_config runloop_gateway_config;
typedef struct runloop_gateway_config_cursor runloop_gateway_config_cursor;
typedef struct runloop_mcp_config runloop_mcp_config;
typedef struct runloop_mcp_config_cursor runloop_mcp_config_cursor;
#define RUNLOOP_OK 0
#define RUNLOOP_INVALID_ARGUMENT 1
#define RUNLOOP_INVALID_HANDLE 2
#define RUNLOOP_WRONG_STATE 3
#define RUNLOOP_FORKED 4
#define RUNLOOP_ABI_MISMATCH 5
#define RUNLOOP_MISSING_CREDENTIALS 6
#define RUNLOOP_STOPPED 7
#define RUNLOOP_LOCAL_IO 8
#define RUNLOOP_NO_SUCH_FIELD 9
#define RUNLOOP_CONNECT 100
#define RUNLOOP_TLS 101
#define RUNLOOP_TIMEOUT 102
#define RUNLOOP_DEADLINE 103
#define RUNLOOP_CANCELLED 104
#define RUNLOOP_CLOSED 105
#define RUNLOOP_BROKEN 106
#define RUNLOOP_PROTOCOL 107
#define RUNLOOP_BAD_REQUEST 200
#define RUNLOOP_AUTHENTICATION 201
#define RUNLOOP_PERMISSION 202
#define RUNLOOP_NOT_FOUND 203
#define RUNLOOP_CONFLICT 204
#define RUNLOOP_UNPROCESSABLE 205
#define RUNLOOP_RATE_LIMITED 206
#define RUNLOOP_SERVER 207
#define RUNLOOP_API 208
#define RUNLOOP_DEVBOX_FAILED 300
#define RUNLOOP_BUILD_FAILED 301
#define RUNLOOP_SNAPSHOT_FAILED 302
#define RUNLOOP_WAIT_TIMED_OUT 303
#define RUNLOOP_BAD_ARCHIVE 304
#define RUNLOOP_REMOTE_IO 305
#define RUNLOOP_INTERNAL_PANIC 900
#define RUNLOOP_OUT_OF_MEMORY 901
#define RUNLOOP_INTERNAL 902
#define RUNLOOP_RETRYABLE_NO 0
#define RUNLOOP_RETRYABLE_YES 1
#define RUNLOOP_RETRYABLE_UNKNOWN 2
#define RUNLOOP_SIDE_EFFECT_NONE 0
#define RUNLOOP_SIDE_EFFECT_HAPPENED 1
#define RUNLOOP_SIDE_EFFECT_UNKNOWN 2
#define RUNLOOP_OUTCOME_UNKNOWN 0
#define RUNLOOP_OUTCOME_EXITED 1
#define RUNLOOP_OUTCOME_SIGNALLED 2
#define RUNLOOP_OUTCOME_TIMED_OUT 3
#define RUNLOOP_OUTCOME_OUTPUT_INCOMPLETE 4
#define RUNLOOP_STDOUT 1
#define RUNLOOP_STDERR 2
#define RUNLOOP_LOG_OFF 0
#define RUNLOOP_LOG_ERROR 1
#define RUNLOOP_LOG_WARN 2
#define RUNLOOP_LOG_INFO 3
#define RUNLOOP_LOG_DEBUG 4
#define RUNLOOP_KIND_NONE 0
#define RUNLOOP_KIND_NULL 1
#define RUNLOOP_KIND_BOOL 2
#define RUNLOOP_KIND_INT 3
#define RUNLOOP_KIND_DOUBLE 4
#define RUNLOOP_KIND_STRING 5
#define RUNLOOP_KIND_ARRAY 6
#define RUNLOOP_KIND_OBJECT 7
#define RUNLOOP_HTTP_AUTO 0
#define RUNLOOP_HTTP_1 1
#define RUNLOOP_HTTP_2 2
typedef int32_t (*runloop_progress_fn)(void *user_data, int64_t done, int64_t total);
typedef int32_t (*runloop_build_log_fn)(void *user_data,
                                        int64_t timestamp_ms,
                                        const char *level,
                                        const char *message);
typedef void (*runloop_skipped_fn)(void *user_data, const char *path, const char *reason);
typedef int32_t (*runloop_output_fn)(void *user_data,
                                     int32_t stream,
                                     const char *data,
                                     size_t length);
typedef int64_t (*runloop_read_fn)(void *user_data, char *buffer, size_t capacity);
typedef int32_t (*runloop_write_fn)(void *user_data, const char *data, size_t length);
typedef void (*runloop_log_fn)(void *user_data, int32_t level, const char *message);
const char *runloop_version(void);
int32_t runloop_abi_check(int32_t abi,
                          size_t call_options_size,
                          size_t exec_options_size,
                          runloop_error **error);
const char *runloop_status_name(int32_t status);
size_t runloop_live_handles(const char *kind);
int32_t runloop_log_set(runloop_log_fn log,
                        void *user_data,
                        int32_t level,
                        runloop_error **error);
struct runloop_error;
int32_t runloop_error_status(const runloop_error *error);
const char *runloop_error_message(const runloop_error *error);
int32_t runloop_error_http_status(const runloop_error *error);
const char *runloop_error_code(const runloop_error *error);
const char *runloop_error_request_id(const runloop_error *error);
int64_t runloop_error_retry_after_ms(const runloop_error *error);
int32_t runloop_error_retryable(const runloop_error *error);
int32_t runloop_error_attempts(const runloop_error *error);
const char *runloop_error_resource_id(const runloop_error *error);
int32_t runloop_error_side_effect(const runloop_error *error);
const char *runloop_error_body(const runloop_error *error, size_t *length);
const char *runloop_error_cause(const runloop_error *error);
void runloop_error_free(runloop_error *error);
struct runloop_bytes;
const char *runloop_bytes_data(const runloop_bytes *bytes);
size_t runloop_bytes_length(const runloop_bytes *bytes);
void runloop_bytes_free(runloop_bytes *bytes);
struct runloop_cancel;
int32_t runloop_cancel_new(runloop_cancel **cancel, runloop_error **error);
int32_t runloop_cancel_trigger(const runloop_cancel *cancel, runloop_error **error);
void runloop_cancel_free(runloop_cancel *cancel);
struct runloop_params;
int32_t runloop_params_new(runloop_params **params, runloop_error **error);
int32_t runloop_params_from_json(const char *json,
                                 size_t length,
                                 runloop_params **params,
                                 runloop_error **error);
int32_t runloop_params_set_string(const runloop_params *params,
                                  const char *pointer,
                                  const char *value,
                                  runloop_error **error);
int32_t runloop_params_set_int(const runloop_params *params,
                               const char *pointer,
                               int64_t value,
                               runloop_error **error);
int32_t runloop_params_set_double(const runloop_params *params,
                                  const char *pointer,
                                  double value,
                                  runloop_error **error);
int32_t runloop_params_set_bool(const runloop_params *params,
                                const char *pointer,
                                int32_t value,
                                runloop_error **error);
int32_t runloop_params_set_null(const runloop_params *params,
                                const char *pointer,
                                runloop_error **error);
int32_t runloop_params_set_json(const runloop_params *params,
                                const char *pointer,
                                const char *value,
                                runloop_error **error);
int32_t runloop_params_append_string(const runloop_params *params,
                                     const char *pointer,
                                     const char *value,
                                     runloop_error **error);
int32_t runloop_params_append_int(const runloop_params *params,
                                  const char *pointer,
                                  int64_t value,
                                  runloop_error **error);
int32_t runloop_params_append_double(const runloop_params *params,
                                     const char *pointer,
                                     double value,
                                     runloop_error **error);
int32_t runloop_params_append_json(const runloop_params *params,
                                   const char *pointer,
                                   const char *value,
                                   runloop_error **error);
int32_t runloop_params_to_json(const runloop_params *params,
                               runloop_bytes **json,
                               runloop_error **error);
int32_t runloop_params_clone(const runloop_params *params,
                             runloop_params **copy,
                             runloop_error **error);
void runloop_params_free(runloop_params *params);
struct runloop_value;
int32_t runloop_value_get_string(const runloop_value *value,
                                 const char *pointer,
                                 const char **text,
                                 size_t *length,
                                 runloop_error **error);
int32_t runloop_value_get_int(const runloop_value *value,
                              const char *pointer,
                              int64_t *number,
                              runloop_error **error);
int32_t runloop_value_get_double(const runloop_value *value,
                                 const char *pointer,
                                 double *number,
                                 runloop_error **error);
int32_t runloop_value_get_bool(const runloop_value *value,
                               const char *pointer,
                               int32_t *truth,
                               runloop_error **error);
int32_t runloop_value_kind(const runloop_value *value, const char *pointer);
int32_t runloop_value_length(const runloop_value *value,
                             const char *pointer,
                             size_t *length,
                             runloop_error **error);
int32_t runloop_value_key(const runloop_value *value,
                          const char *pointer,
                          size_t index,
                          const char **key,
                          runloop_error **error);
int32_t runloop_value_child(const runloop_value *value,
                            const char *pointer,
                            runloop_value **child,
                            runloop_error **error);
const char *runloop_value_json(const runloop_value *value, size_t *length);
void runloop_value_free(runloop_value *value);
typedef struct runloop_call_options {
    size_t struct_size;
    int64_t timeout_ms;
    int64_t deadline_ms;
    int64_t poll_timeout_ms;
    int64_t poll_interval_ms;
    int32_t max_retries;
    int32_t keep_on_failure;
    const char *idempotency_key;
    const runloop_params *extra_headers;
    const runloop_params *extra_query;
    const runloop_params *extra_body;
    const runloop_cancel *cancel;
    runloop_progress_fn progress;
    void *progress_data;
} runloop_call_options;
struct runloop_config;
int32_t runloop_config_new(runloop_config **config, runloop_error **error);
int32_t runloop_config_set_bearer_token(const runloop_config *config,
                                        const char *token,
                                        runloop_error **error);
int32_t runloop_config_set_base_url(const runloop_config *config,
                                    const char *url,
                                    runloop_error **error);
int32_t runloop_config_set_timeout_ms(const runloop_config *config,
                                      int64_t timeout_ms,
                                      runloop_error **error);
int32_t runloop_config_set_connect_timeout_ms(const runloop_config *config,
                                              int64_t connect_timeout_ms,
                                              runloop_error **error);
int32_t runloop_config_set_max_retries(const runloop_config *config,
                                       int32_t max_retries,
                                       runloop_error **error);
int32_t runloop_config_add_header(const runloop_config *config,
                                  const char *name,
                                  const char *value,
                                  runloop_error **error);
int32_t runloop_config_add_query(const runloop_config *config,
                                 const char *name,
                                 const char *value,
                                 runloop_error **error);
int32_t runloop_config_set_proxy(const runloop_config *config,
                                 const char *url,
                                 runloop_error **error);
int32_t runloop_config_set_ca_file(const runloop_config *config,
                                   const char *path,
                                   runloop_error **error);
int32_t runloop_config_set_client_certificate(const runloop_config *config,
                                              const char *chain_path,
                                              const char *key_path,
                                              runloop_error **error);
int32_t runloop_config_set_http_version(const runloop_config *config,
                                        int32_t version,
                                        runloop_error **error);
int32_t runloop_config_set_user_agent(const runloop_config *config,
                                      const char *user_agent,
                                      runloop_error **error);
int32_t runloop_config_set_strict_params(const runloop_config *config,
                                         int32_t strict,
                                         runloop_error **error);
int32_t runloop_config_set_unmarked_creates(const runloop_config *config,
                                            int32_t unmarked,
                                            runloop_error **error);
int32_t runloop_config_set_max_answer_bytes(const runloop_config *config,
                                            int64_t max_answer_bytes,
                                            runloop_error **error);
void runloop_config_free(runloop_config *config);
struct runloop_client;
int32_t runloop_client_request(const runloop_client *client,
                               const char *method,
                               const char *path,
                               const runloop_params *query,
                               const runloop_params *body,
                               const runloop_call_options *opts,
                               int32_t *http_status,
                               runloop_value **headers,
                               runloop_value **value,
                               runloop_bytes **bytes,
                               runloop_error **error);
int32_t runloop_client_new(const runloop_config *config,
                           runloop_client **client,
                           runloop_error **error);
int32_t runloop_client_close(const runloop_client *client,
                             runloop_error **error);
void runloop_client_free(runloop_client *client);
struct runloop_devbox;
struct runloop_devbox_cursor;
int32_t runloop_devbox_create(const runloop_client *client,
                              const runloop_params *params,
                              const runloop_call_options *opts,
                              runloop_devbox **devbox,
                              runloop_error **error);
int32_t runloop_devbox_create_from_blueprint_id(const runloop_client *client,
                                                const char *blueprint_id,
                                                const runloop_params *params,
                                                const runloop_call_options *opts,
                                                runloop_devbox **devbox,
                                                runloop_error **error);
int32_t runloop_devbox_create_from_blueprint_name(const runloop_client *client,
                                                  const char *blueprint_name,
                                                  const runloop_params *params,
                                                  const runloop_call_options *opts,
                                                  runloop_devbox **devbox,
                                                  runloop_error **error);
int32_t runloop_devbox_create_from_snapshot(const runloop_client *client,
                                            const char *snapshot_id,
                                            const runloop_params *params,
                                            const runloop_call_options *opts,
                                            runloop_devbox **devbox,
                                            runloop_error **error);
int32_t runloop_devbox_create_async(const runloop_client *client,
                                    const runloop_params *params,
                                    const runloop_call_options *opts,
                                    runloop_devbox **devbox,
                                    runloop_error **error);
int32_t runloop_devbox_from_id(const runloop_client *client,
                               const char *id,
                               const runloop_call_options *opts,
                               runloop_devbox **devbox,
                               runloop_error **error);
int32_t runloop_devbox_attach(const runloop_client *client,
                              const char *id,
                              runloop_devbox **devbox,
                              runloop_error **error);
const char *runloop_devbox_id(const runloop_devbox *devbox);
int32_t runloop_devbox_get_info(const runloop_devbox *devbox,
                                const runloop_call_options *opts,
                                runloop_value **info,
                                runloop_error **error);
int32_t runloop_devbox_await_running(const runloop_devbox *devbox,
                                     const runloop_call_options *opts,
                                     runloop_value **info,
                                     runloop_error **error);
int32_t runloop_devbox_keep_alive(const runloop_devbox *devbox,
                                  const runloop_call_options *opts,
                                  runloop_error **error);
int32_t runloop_devbox_shutdown(const runloop_devbox *devbox,
                                const runloop_call_options *opts,
                                runloop_value **info,
                                runloop_error **error);
void runloop_devbox_free(runloop_devbox *devbox);
int32_t runloop_devbox_set_shutdown_on_free(const runloop_devbox *devbox,
                                            int64_t timeout_ms,
                                            runloop_error **error);
int32_t runloop_devbox_update(const runloop_devbox *devbox,
                              const runloop_params *params,
                              const runloop_call_options *opts,
                              runloop_value **info,
                              runloop_error **error);
int32_t runloop_devbox_usage(const runloop_devbox *devbox,
                             const runloop_call_options *opts,
                             runloop_value **usage,
                             runloop_error **error);
int32_t runloop_devbox_logs(const runloop_devbox *devbox,
                            const runloop_params *params,
                            const runloop_call_options *opts,
                            runloop_value **logs,
                            runloop_error **error);
int32_t runloop_devbox_suspend(const runloop_devbox *devbox,
                               const runloop_call_options *opts,
                               runloop_value **info,
                               runloop_error **error);
int32_t runloop_devbox_await_suspended(const runloop_devbox *devbox,
                                       const runloop_call_options *opts,
                                       runloop_value **info,
                                       runloop_error **error);
int32_t runloop_devbox_resume(const runloop_devbox *devbox,
                              const runloop_call_options *opts,
                              runloop_value **info,
                              runloop_error **error);
int32_t runloop_devbox_resume_async(const runloop_devbox *devbox,
                                    const runloop_call_options *opts,
                                    runloop_value **info,
                                    runloop_error **error);
int32_t runloop_devbox_list(const runloop_client *client,
                            const runloop_params *params,
                            runloop_devbox_cursor **cursor,
                            runloop_error **error);
int32_t runloop_devbox_cursor_next(const runloop_devbox_cursor *cursor,
                                   const runloop_call_options *opts,
                                   runloop_devbox **devbox,
                                   runloop_value **info,
                                   runloop_error **error);
void runloop_devbox_cursor_free(runloop_devbox_cursor *cursor);
struct runloop_exec_result;
struct runloop_execution;
typedef struct runloop_exec_options {
    size_t struct_size;
    const char *working_directory;
    const char *const *environment;
    const char *user;
    int64_t timeout_ms;
    int64_t max_output_bytes;
    runloop_output_fn on_stdout;
    runloop_output_fn on_stderr;
    runloop_output_fn on_output;
    void *user_data;
    int32_t attach_stdin;
    int32_t reserved;
} runloop_exec_options;
int32_t runloop_exec_result_exit_code(const runloop_exec_result *result);
int32_t runloop_exec_result_outcome(const runloop_exec_result *result);
int32_t runloop_exec_result_success(const runloop_exec_result *result);
int32_t runloop_exec_result_stdout(const runloop_exec_result *result,
                                   int64_t last_n,
                                   const runloop_call_options *opts,
                                   runloop_bytes **output,
                                   runloop_error **error);
int32_t runloop_exec_result_stderr(const runloop_exec_result *result,
                                   int64_t last_n,
                                   const runloop_call_options *opts,
                                   runloop_bytes **output,
                                   runloop_error **error);
const char *runloop_exec_result_execution_id(const runloop_exec_result *result);
int32_t runloop_exec_result_value(const runloop_exec_result *result,
                                  runloop_value **value,
                                  runloop_error **error);
void runloop_exec_result_free(runloop_exec_result *result);
int32_t runloop_devbox_exec(const runloop_devbox *devbox,
                            const char *command,
                            const runloop_exec_options *exec,
                            const runloop_call_options *opts,
                            runloop_exec_result **result,
                            runloop_error **error);
int32_t runloop_devbox_exec_async(const runloop_devbox *devbox,
                                  const char *command,
                                  const runloop_exec_options *exec,
                                  const runloop_call_options *opts,
                                  runloop_execution **execution,
                                  runloop_error **error);
int32_t runloop_execution_attach(const runloop_devbox *devbox,
                                 const char *id,
                                 runloop_execution **execution,
                                 runloop_error **error);
const char *runloop_execution_id(const runloop_execution *execution);
const char *runloop_execution_devbox_id(const runloop_execution *execution);
int32_t runloop_execution_get_state(const runloop_execution *execution,
                                    const runloop_call_options *opts,
                                    runloop_value **state,
                                    runloop_error **error);
int32_t runloop_execution_result(const runloop_execution *execution,
                                 const runloop_call_options *opts,
                                 runloop_exec_result **result,
                                 runloop_error **error);
int32_t runloop_execution_kill(const runloop_execution *execution,
                               int32_t process_group,
                               const runloop_call_options *opts,
                               runloop_error **error);
int32_t runloop_execution_send_stdin(const runloop_execution *execution,
                                     const char *text,
                                     const runloop_call_options *opts,
                                     runloop_error **error);
int32_t runloop_execution_close_stdin(const runloop_execution *execution,
                                      const runloop_call_options *opts,
                                      runloop_error **error);
int32_t runloop_execution_interrupt(const runloop_execution *execution,
                                    const runloop_call_options *opts,
                                    runloop_error **error);
void runloop_execution_free(runloop_execution *execution);
int32_t runloop_execution_stream(const runloop_execution *execution,
                                 int32_t which,
                                 const runloop_call_options *opts,
                                 runloop_output_stream **stream,
                                 runloop_error **error);
struct runloop_output_stream;
int32_t runloop_output_stream_next(const runloop_output_stream *stream,
                                   const runloop_call_options *opts,
                                   int32_t *which,
                                   const char **data,
                                   size_t *length,
                                   runloop_error **error);
void runloop_output_stream_free(runloop_output_stream *stream);
typedef struct runloop_source {
    size_t struct_size;
    const char *path;
    const void *data;
    int64_t length;
    runloop_read_fn read;
    void *user_data;
    int32_t fd;
    int32_t reserved;
} runloop_source;
typedef struct runloop_sink {
    size_t struct_size;
    const char *path;
    runloop_write_fn write;
    void *user_data;
    int32_t fd;
    int32_t reserved;
} runloop_sink;
int32_t runloop_devbox_read_file(const runloop_devbox *devbox,
                                 const char *path,
                                 const runloop_call_options *opts,
                                 runloop_bytes **contents,
                                 runloop_error **error);
int32_t runloop_devbox_write_file(const runloop_devbox *devbox,
                                  const char *path,
                                  const char *contents,
                                  size_t length,
                                  const runloop_call_options *opts,
                                  runloop_error **error);
int32_t runloop_devbox_upload_file(const runloop_devbox *devbox,
                                   const char *path,
                                   const runloop_source *source,
                                   const runloop_call_options *opts,
                                   runloop_error **error);
int32_t runloop_devbox_download_file(const runloop_devbox *devbox,
                                     const char *path,
                                     const runloop_sink *sink,
                                     const runloop_call_options *opts,
                                     runloop_bytes **contents,
                                     runloop_error **error);
typedef struct runloop_tree_options {
    size_t struct_size;
    const char *const *ignore;
    const char *ignore_file;
    runloop_skipped_fn on_skipped;
    void *user_data;
    int64_t max_entries;
    int64_t max_bytes;
} runloop_tree_options;
int32_t runloop_devbox_upload_dir(const runloop_devbox *devbox,
                                  const char *local_path,
                                  const char *remote_path,
                                  const runloop_tree_options *tree,
                                  const runloop_call_options *opts,
                                  runloop_error **error);
int32_t runloop_devbox_download_dir(const runloop_devbox *devbox,
                                    const char *remote_path,
                                    const char *local_path,
                                    const runloop_tree_options *tree,
                                    const runloop_call_options *opts,
                                    runloop_error **error);
struct runloop_object;
struct runloop_object_cursor;
int32_t runloop_object_create(const runloop_client *client,
                              const runloop_params *params,
                              const runloop_call_options *opts,
                              runloop_object **object,
                              runloop_error **error);
int32_t runloop_object_from_id(const runloop_client *client,
                               const char *id,
                               runloop_object **object,
                               runloop_error **error);
const char *runloop_object_id(const runloop_object *object);
const char *runloop_object_upload_url(const runloop_object *object);
int32_t runloop_object_refresh(const runloop_object *object,
                               const runloop_call_options *opts,
                               runloop_value **info,
                               runloop_error **error);
int32_t runloop_object_upload_content(const runloop_object *object,
                                      const runloop_source *source,
                                      const runloop_call_options *opts,
                                      runloop_error **error);
int32_t runloop_object_complete(const runloop_object *object,
                                const runloop_call_options *opts,
                                runloop_value **info,
                                runloop_error **error);
int32_t runloop_object_get_download_url(const runloop_object *object,
                                        const runloop_params *params,
                                        const runloop_call_options *opts,
                                        runloop_value **view,
                                        runloop_error **error);
int32_t runloop_object_delete(const runloop_object *object,
                              const runloop_call_options *opts,
                              runloop_value **info,
                              runloop_error **error);
int32_t runloop_object_as_build_context(const runloop_object *object,
                                        runloop_value **context,
                                        runloop_error **error);
void runloop_object_free(runloop_object *object);
int32_t runloop_object_download_as_bytes(const runloop_object *object,
                                         const runloop_params *params,
                                         const runloop_call_options *opts,
                                         runloop_bytes **contents,
                                         runloop_error **error);
int32_t runloop_object_download_as_text(const runloop_object *object,
                                        const runloop_params *params,
                                        const runloop_call_options *opts,
                                        runloop_bytes **contents,
                                        runloop_error **error);
int32_t runloop_object_download_to_file(const runloop_object *object,
                                        const char *path,
                                        const runloop_params *params,
                                        const runloop_call_options *opts,
                                        runloop_error **error);
int32_t runloop_object_download_to_dir(const runloop_object *object,
                                       const char *path,
                                       const runloop_tree_options *tree,
                                       const runloop_params *params,
                                       const runloop_call_options *opts,
                                       runloop_error **error);
int32_t runloop_object_download_to_sink(const runloop_object *object,
                                        const runloop_sink *sink,
                                        const runloop_params *params,
                                        const runloop_call_options *opts,
                                        runloop_error **error);
int32_t runloop_object_list(const runloop_client *client,
                            const runloop_params *params,
                            runloop_object_cursor **cursor,
                            runloop_error **error);
int32_t runloop_object_list_public(const runloop_client *client,
                                   const runloop_params *params,
                                   runloop_object_cursor **cursor,
                                   runloop_error **error);
int32_t runloop_object_cursor_next(const runloop_object_cursor *cursor,
                                   const runloop_call_options *opts,
                                   runloop_object **object,
                                   runloop_value **info,
                                   runloop_error **error);
void runloop_object_cursor_free(runloop_object_cursor *cursor);
int32_t runloop_object_upload_from_file(const runloop_client *client,
                                        const char *path,
                                        const runloop_params *params,
                                        const runloop_call_options *opts,
                                        runloop_object **object,
                                        runloop_error **error);
int32_t runloop_object_upload_from_dir(const runloop_client *client,
                                       const char *path,
                                       const runloop_tree_options *tree,
                                       const runloop_params *params,
                                       const runloop_call_options *opts,
                                       runloop_object **object,
                                       runloop_error **error);
int32_t runloop_object_upload_from_text(const runloop_client *client,
                                        const char *name,
                                        const char *text,
                                        const runloop_params *params,
                                        const runloop_call_options *opts,
                                        runloop_object **object,
                                        runloop_error **error);
int32_t runloop_object_upload_from_bytes(const runloop_client *client,
                                         const char *name,
                                         const char *data,
                                         size_t length,
                                         const runloop_params *params,
                                         const runloop_call_options *opts,
                                         runloop_object **object,
                                         runloop_error **error);
int32_t runloop_object_upload_from_source(const runloop_client *client,
                                          const char *name,
                                          const runloop_source *source,
                                          const runloop_params *params,
                                          const runloop_call_options *opts,
                                          runloop_object **object,
                                          runloop_error **error);
int32_t runloop_docker_context_upload(const runloop_client *client,
                                      const char *path,
                                      const runloop_tree_options *tree,
                                      const runloop_params *params,
                                      const runloop_call_options *opts,
                                      runloop_object **object,
                                      runloop_error **error);
int32_t runloop_devbox_create_ssh_key(const runloop_devbox *devbox,
                                      const runloop_call_options *opts,
                                      runloop_value **key,
                                      runloop_error **error);
int32_t runloop_devbox_enable_tunnel(const runloop_devbox *devbox,
                                     const runloop_params *params,
                                     const runloop_call_options *opts,
                                     runloop_value **tunnel,
                                     runloop_error **error);
int32_t runloop_devbox_remove_tunnel(const runloop_devbox *devbox,
                                     const runloop_call_options *opts,
                                     runloop_error **error);
int32_t runloop_devbox_get_tunnel(const runloop_devbox *devbox,
                                  const runloop_call_options *opts,
                                  runloop_value **tunnel,
                                  runloop_error **error);
int32_t runloop_devbox_get_tunnel_url(const runloop_devbox *devbox,
                                      int32_t port,
                                      const runloop_call_options *opts,
                                      runloop_bytes **url,
                                      runloop_error **error);
int32_t runloop_devbox_create_pty_tunnel(const runloop_devbox *devbox,
                                         const runloop_call_options *opts,
                                         runloop_value **tunnel,
                                         runloop_error **error);
int32_t runloop_devbox_create_gateway_token(const runloop_devbox *devbox,
                                            const runloop_params *params,
                                            const runloop_call_options *opts,
                                            runloop_value **token,
                                            runloop_error **error);
int32_t runloop_devbox_create_mcp_token(const runloop_devbox *devbox,
                                        const runloop_params *params,
                                        const runloop_call_options *opts,
                                        runloop_value **token,
                                        runloop_error **error);
struct runloop_snapshot;
struct runloop_snapshot_cursor;
int32_t runloop_devbox_snapshot_disk(const runloop_devbox *devbox,
                                     const runloop_params *params,
                                     const runloop_call_options *opts,
                                     runloop_snapshot **snapshot,
                                     runloop_error **error);
int32_t runloop_devbox_snapshot_disk_async(const runloop_devbox *devbox,
                                           const runloop_params *params,
                                           const runloop_call_options *opts,
                                           runloop_snapshot **snapshot,
                                           runloop_error **error);
int32_t runloop_snapshot_from_id(const runloop_client *client,
                                 const char *id,
                                 runloop_snapshot **snapshot,
                                 runloop_error **error);
const char *runloop_snapshot_id(const runloop_snapshot *snapshot);
int32_t runloop_snapshot_get_info(const runloop_snapshot *snapshot,
                                  const runloop_call_options *opts,
                                  runloop_value **info,
                                  runloop_error **error);
int32_t runloop_snapshot_update(const runloop_snapshot *snapshot,
                                const runloop_params *params,
                                const runloop_call_options *opts,
                                runloop_value **info,
                                runloop_error **error);
int32_t runloop_snapshot_delete(const runloop_snapshot *snapshot,
                                const runloop_call_options *opts,
                                runloop_error **error);
int32_t runloop_snapshot_await_completed(const runloop_snapshot *snapshot,
                                         const runloop_call_options *opts,
                                         runloop_value **info,
                                         runloop_error **error);
int32_t runloop_snapshot_create_devbox(const runloop_snapshot *snapshot,
                                       const runloop_params *params,
                                       const runloop_call_options *opts,
                                       runloop_devbox **devbox,
                                       runloop_error **error);
void runloop_snapshot_free(runloop_snapshot *snapshot);
int32_t runloop_snapshot_list(const runloop_client *client,
                              const runloop_params *params,
                              runloop_snapshot_cursor **cursor,
                              runloop_error **error);
int32_t runloop_snapshot_cursor_next(const runloop_snapshot_cursor *cursor,
                                     const runloop_call_options *opts,
                                     runloop_snapshot **snapshot,
                                     runloop_value **info,
                                     runloop_error **error);
void runloop_snapshot_cursor_free(runloop_snapshot_cursor *cursor);
struct runloop_blueprint;
struct runloop_blueprint_cursor;
int32_t runloop_blueprint_create(const runloop_client *client,
                                 const runloop_params *params,
                                 runloop_build_log_fn log,
                                 void *user_data,
                                 const runloop_call_options *opts,
                                 runloop_blueprint **blueprint,
                                 runloop_error **error);
int32_t runloop_blueprint_create_async(const runloop_client *client,
                                       const runloop_params *params,
                                       const runloop_call_options *opts,
                                       runloop_blueprint **blueprint,
                                       runloop_error **error);
int32_t runloop_blueprint_await_build_complete(const runloop_blueprint *blueprint,
                                               runloop_build_log_fn log,
                                               void *user_data,
                                               const runloop_call_options *opts,
                                               runloop_value **info,
                                               runloop_error **error);
int32_t runloop_blueprint_from_id(const runloop_client *client,
                                  const char *id,
                                  runloop_blueprint **blueprint,
                                  runloop_error **error);
const char *runloop_blueprint_id(const runloop_blueprint *blueprint);
int32_t runloop_blueprint_get_info(const runloop_blueprint *blueprint,
                                   const runloop_call_options *opts,
                                   runloop_value **info,
                                   runloop_error **error);
int32_t runloop_blueprint_logs(const runloop_blueprint *blueprint,
                               const runloop_call_options *opts,
                               runloop_value **logs,
                               runloop_error **error);
int32_t runloop_blueprint_preview(const runloop_client *client,
                                  const runloop_params *params,
                                  const runloop_call_options *opts,
                                  runloop_value **preview,
                                  runloop_error **error);
int32_t runloop_blueprint_delete(const runloop_blueprint *blueprint,
                                 const runloop_call_options *opts,
                                 runloop_error **error);
int32_t runloop_blueprint_create_devbox(const runloop_blueprint *blueprint,
                                        const runloop_params *params,
                                        const runloop_call_options *opts,
                                        runloop_devbox **devbox,
                                        runloop_error **error);
void runloop_blueprint_free(runloop_blueprint *blueprint);
int32_t runloop_blueprint_list(const runloop_client *client,
                               const runloop_params *params,
                               runloop_blueprint_cursor **cursor,
                               runloop_error **error);
int32_t runloop_blueprint_list_public(const runloop_client *client,
                                      const runloop_params *params,
                                      runloop_blueprint_cursor **cursor,
                                      runloop_error **error);
int32_t runloop_blueprint_cursor_next(const runloop_blueprint_cursor *cursor,
                                      const runloop_call_options *opts,
                                      runloop_blueprint **blueprint,
                                      runloop_value **info,
                                      runloop_error **error);
void runloop_blueprint_cursor_free(runloop_blueprint_cursor *cursor);
struct runloop_event_stream;
int32_t runloop_eviction_watch(const runloop_client *client,
                               const runloop_call_options *opts,
                               runloop_event_stream **stream,
                               runloop_error **error);
int32_t runloop_event_stream_next(const runloop_event_stream *stream,
                                  const runloop_call_options *opts,
                                  runloop_value **event,
                                  runloop_error **error);
void runloop_event_stream_free(runloop_event_stream *stream);
struct runloop_axon;
struct runloop_axon_cursor;
struct runloop_axon_event_cursor;
int32_t runloop_axon_create(const runloop_client *client,
                            const runloop_params *params,
                            const runloop_call_options *opts,
                            runloop_axon **axon,
                            runloop_error **error);
int32_t runloop_axon_from_id(const runloop_client *client,
                             const char *id,
                             runloop_axon **axon,
                             runloop_error **error);
const char *runloop_axon_id(const runloop_axon *axon);
int32_t runloop_axon_get_info(const runloop_axon *axon,
                              const runloop_call_options *opts,
                              runloop_value **info,
                              runloop_error **error);
int32_t runloop_axon_update(const runloop_axon *axon,
                            const runloop_params *params,
                            const runloop_call_options *opts,
                            runloop_value **info,
                            runloop_error **error);
int32_t runloop_axon_delete(const runloop_axon *axon,
                            const runloop_call_options *opts,
                            runloop_value **info,
                            runloop_error **error);
void runloop_axon_free(runloop_axon *axon);
int32_t runloop_axon_publish(const runloop_axon *axon,
                             const runloop_params *params,
                             const runloop_call_options *opts,
                             runloop_value **result,
                             runloop_error **error);
int32_t runloop_axon_subscribe(const runloop_axon *axon,
                               int64_t after_sequence,
                               const runloop_call_options *opts,
                               runloop_event_stream **stream,
                               runloop_error **error);
int32_t runloop_axon_sql_query(const runloop_axon *axon,
                               const char *sql,
                               const runloop_params *params,
                               const runloop_call_options *opts,
                               runloop_value **result,
                               runloop_error **error);
int32_t runloop_axon_sql_batch(const runloop_axon *axon,
                               const runloop_params *params,
                               const runloop_call_options *opts,
                               runloop_value **result,
                               runloop_error **error);
int32_t runloop_axon_list(const runloop_client *client,
                          const runloop_params *params,
                          runloop_axon_cursor **cursor,
                          runloop_error **error);
int32_t runloop_axon_cursor_next(const runloop_axon_cursor *cursor,
                                 const runloop_call_options *opts,
                                 runloop_axon **axon,
                                 runloop_value **info,
                                 runloop_error **error);
void runloop_axon_cursor_free(runloop_axon_cursor *cursor);
int32_t runloop_axon_events(const runloop_axon *axon,
                            const runloop_params *params,
                            runloop_axon_event_cursor **cursor,
                            runloop_error **error);
int32_t runloop_axon_event_cursor_next(const runloop_axon_event_cursor *cursor,
                                       const runloop_call_options *opts,
                                       runloop_value **event,
                                       runloop_error **error);
void runloop_axon_event_cursor_free(runloop_axon_event_cursor *cursor);
struct runloop_secret;
struct runloop_secret_cursor;
int32_t runloop_secret_create(const runloop_client *client,
                              const char *name,
                              const char *value,
                              const runloop_call_options *opts,
                              runloop_secret **secret,
                              runloop_error **error);
int32_t runloop_secret_from_name(const runloop_client *client,
                                 const char *name,
                                 runloop_secret **secret,
                                 runloop_error **error);
int32_t runloop_secret_from_id(const runloop_client *client,
                               const char *id,
                               runloop_secret **secret,
                               runloop_error **error);
const char *runloop_secret_name(const runloop_secret *secret);
const char *runloop_secret_id(const runloop_secret *secret);
int32_t runloop_secret_get_info(const runloop_secret *secret,
                                const runloop_call_options *opts,
                                runloop_value **info,
                                runloop_error **error);
int32_t runloop_secret_update(const runloop_secret *secret,
                              const char *value,
                              const runloop_call_options *opts,
                              runloop_value **info,
                              runloop_error **error);
int32_t runloop_secret_delete(const runloop_secret *secret,
                              const runloop_call_options *opts,
                              runloop_value **info,
                              runloop_error **error);
void runloop_secret_free(runloop_secret *secret);
int32_t runloop_secret_list(const runloop_client *client,
                            const runloop_params *params,
                            runloop_secret_cursor **cursor,
                            runloop_error **error);
int32_t runloop_secret_cursor_next(const runloop_secret_cursor *cursor,
                                   const runloop_call_options *opts,
                                   runloop_secret **secret,
                                   runloop_value **info,
                                   runloop_error **error);
void runloop_secret_cursor_free(runloop_secret_cursor *cursor);
struct runloop_network_policy;
struct runloop_network_policy_cursor;
int32_t runloop_network_policy_create(const runloop_client *client,
                                      const runloop_params *params,
                                      const runloop_call_options *opts,
                                      runloop_network_policy **network_policy,
                                      runloop_error **error);
int32_t runloop_network_policy_from_id(const runloop_client *client,
                                       const char *id,
                                       runloop_network_policy **network_policy,
                                       runloop_error **error);
const char *runloop_network_policy_id(const runloop_network_policy *network_policy);
int32_t runloop_network_policy_get_info(const runloop_network_policy *network_policy,
                                        const runloop_call_options *opts,
                                        runloop_value **info,
                                        runloop_error **error);
int32_t runloop_network_policy_update(const runloop_network_policy *network_policy,
                                      const runloop_params *params,
                                      const runloop_call_options *opts,
                                      runloop_value **info,
                                      runloop_error **error);
int32_t runloop_network_policy_delete(const runloop_network_policy *network_policy,
                                      const runloop_call_options *opts,
                                      runloop_value **info,
                                      runloop_error **error);
void runloop_network_policy_free(runloop_network_policy *network_policy);
int32_t runloop_network_policy_list(const runloop_client *client,
                                    const runloop_params *params,
                                    runloop_network_policy_cursor **cursor,
                                    runloop_error **error);
int32_t runloop_network_policy_cursor_next(const runloop_network_policy_cursor *cursor,
                                           const runloop_call_options *opts,
                                           runloop_network_policy **network_policy,
                                           runloop_value **info,
                                           runloop_error **error);
void runloop_network_policy_cursor_free(runloop_network_policy_cursor *cursor);
struct runloop_gateway_config;
struct runloop_gateway_config_cursor;
int32_t runloop_gateway_config_create(const runloop_client *client,
                                      const runloop_params *params,
                                      const runloop_call_options *opts,
                                      runloop_gateway_config **gateway_config,
                                      runloop_error **error);
int32_t runloop_gateway_config_from_id(const runloop_client *client,
                                       const char *id,
                                       runloop_gateway_config **gateway_config,
                                       runloop_error **error);
const char *runloop_gateway_config_id(const runloop_gateway_config *gateway_config);
int32_t runloop_gateway_config_get_info(const runloop_gateway_config *gateway_config,
                                        const runloop_call_options *opts,
                                        runloop_value **info,
                                        runloop_error **error);
int32_t runloop_gateway_config_update(const runloop_gateway_config *gateway_config,
                                      const runloop_params *params,
                                      const runloop_call_options *opts,
                                      runloop_value **info,
                                      runloop_error **error);
int32_t runloop_gateway_config_delete(const runloop_gateway_config *gateway_config,
                                      const runloop_call_options *opts,
                                      runloop_value **info,
                                      runloop_error **error);
void runloop_gateway_config_free(runloop_gateway_config *gateway_config);
int32_t runloop_gateway_config_list(const runloop_client *client,
                                    const runloop_params *params,
                                    runloop_gateway_config_cursor **cursor,
                                    runloop_error **error);
int32_t runloop_gateway_config_cursor_next(const runloop_gateway_config_cursor *cursor,
                                           const runloop_call_options *opts,
                                           runloop_gateway_config **gateway_config,
                                           runloop_value **info,
                                           runloop_error **error);
void runloop_gateway_config_cursor_free(runloop_gateway_config_cursor *cursor);
struct runloop_mcp_config;
struct runloop_mcp_config_cursor;
int32_t runloop_mcp_config_create(const runloop_client *client,
                                  const runloop_params *params,
                                  const runloop_call_options *opts,
                                  runloop_mcp_config **mcp_config,
                                  runloop_error **error);
int32_t runloop_mcp_config_from_id(const runloop_client *client,
                                   const char *id,
                                   runloop_mcp_config **mcp_config,
                                   runloop_error **error);
const char *runloop_mcp_config_id(const runloop_mcp_config *mcp_config);
int32_t runloop_mcp_config_get_info(const runloop_mcp_config *mcp_config,
                                    const runloop_call_options *opts,
                                    runloop_value **info,
                                    runloop_error **error);
int32_t runloop_mcp_config_update(const runloop_mcp_config *mcp_config,
                                  const runloop_params *params,
                                  const runloop_call_options *opts,
                                  runloop_value **info,
                                  runloop_error **error);
int32_t runloop_mcp_config_delete(const runloop_mcp_config *mcp_config,
                                  const runloop_call_options *opts,
                                  runloop_value **info,
                                  runloop_error **error);
void runloop_mcp_config_free(runloop_mcp_config *mcp_config);
int32_t runloop_mcp_config_list(const runloop_client *client,
                                const runloop_params *params,
                                runloop_mcp_config_cursor **cursor,
                                runloop_error **error);
int32_t runloop_mcp_config_cursor_next(const runloop_mcp_config_cursor *cursor,
                                       const runloop_call_options *opts,
                                       runloop_mcp_config **mcp_config,
                                       runloop_value **info,
                                       runloop_error **error);
void runloop_mcp_config_cursor_free(runloop_mcp_config_cursor *cursor);
int32_t runloop_account_me(const runloop_client *client,
                           const runloop_call_options *opts,
                           runloop_value **account,
                           runloop_error **error);
int32_t runloop_api_key_create(const runloop_client *client,
                               const runloop_params *params,
                               const runloop_call_options *opts,
                               runloop_value **key,
                               runloop_error **error);
int32_t runloop_restricted_key_create(const runloop_client *client,
                                      const runloop_params *params,
                                      const runloop_call_options *opts,
                                      runloop_value **key,
                                      runloop_error **error);
#ifdef __cplusplus
}
#endif
#endif

/* Parameters and answers: places by JSON Pointer, every setter and getter. */

#include "harness.h"
#include "script_server.h"

#include <math.h>

static runloop_client *client;
static script_server *server;

static void check_json(const runloop_params *params, const char *expected)
{
    runloop_bytes *json;
    OK(runloop_params_to_json(params, &json, E));
    CHECK_OUTPUT(json, expected);
}

static void building(void)
{
    runloop_params *params, *copy;
    OK(runloop_params_new(&params, E));
    check_json(params, "{}");
    OK(runloop_params_set_string(params, "/name", "gr\xc3\xbc\xc3\x9f \"dich\"", E));
    OK(runloop_params_set_int(params, "/launch_parameters/keep_alive_time_seconds", INT64_MAX, E));
    OK(runloop_params_set_int(params, "/least", INT64_MIN, E));
    OK(runloop_params_set_double(params, "/half", 0.5, E));
    OK(runloop_params_set_bool(params, "/yes", -7, E));
    OK(runloop_params_set_bool(params, "/no", 0, E));
    OK(runloop_params_set_null(params, "/nothing", E));
    OK(runloop_params_set_json(params, "/any", " {\"a\": [1, true, null]} ", E));
    check_json(params, "{\"name\":\"gr\xc3\xbc\xc3\x9f \\\"dich\\\"\",\"launch_parameters\":{\"keep_alive_time_seconds\":9223372036854775807},"
                       "\"least\":-9223372036854775808,\"half\":0.5,\"yes\":true,\"no\":false,\"nothing\":null,\"any\":{\"a\":[1,true,null]}}");
    /* A later value replaces an earlier one, in its place. */
    OK(runloop_params_set_string(params, "/name", "", E));
    OK(runloop_params_set_json(params, "/launch_parameters", "{}", E));
    OK(runloop_params_clone(params, &copy, E));
    OK(runloop_params_set_int(params, "/any/a/0", 2, E));
    check_json(copy, "{\"name\":\"\",\"launch_parameters\":{},\"least\":-9223372036854775808,\"half\":0.5,\"yes\":true,\"no\":false,"
                     "\"nothing\":null,\"any\":{\"a\":[1,true,null]}}");
    runloop_params_free(copy);
    check_json(params, "{\"name\":\"\",\"launch_parameters\":{},\"least\":-9223372036854775808,\"half\":0.5,\"yes\":true,\"no\":false,"
                       "\"nothing\":null,\"any\":{\"a\":[2,true,null]}}");
    runloop_params_free(params);
    group("setters");
}

static void arrays_and_odd_places(void)
{
    runloop_params *params;
    OK(runloop_params_new(&params, E));
    OK(runloop_params_append_string(params, "/list", "a", E));
    OK(runloop_params_append_int(params, "/list", -1, E));
    OK(runloop_params_append_double(params, "/list", 2.5, E));
    OK(runloop_params_append_json(params, "/list", "{\"k\":[]}", E));
    OK(runloop_params_append_string(params, "/list/3/k", "deep", E));
    OK(runloop_params_set_string(params, "/list/-", "last", E));
    OK(runloop_params_set_string(params, "/list/0", "first", E));
    check_json(params, "{\"list\":[\"first\",-1,2.5,{\"k\":[\"deep\"]},\"last\"]}");
    runloop_params_free(params);

    /* A number may be the name of a member, as in metadata; only `-` makes an array. */
    OK(runloop_params_new(&params, E));
    OK(runloop_params_set_string(params, "/metadata/0", "a", E));
    OK(runloop_params_set_string(params, "/metadata/1", "b", E));
    OK(runloop_params_set_string(params, "/list/-", "c", E));
    OK(runloop_params_append_string(params, "/metadata/2", "d", E));
    check_json(params, "{\"metadata\":{\"0\":\"a\",\"1\":\"b\",\"2\":[\"d\"]},\"list\":[\"c\"]}");
    runloop_params_free(params);

    OK(runloop_params_new(&params, E));
    OK(runloop_params_set_int(params, "/a~1b", 1, E));
    OK(runloop_params_set_int(params, "/m~0n", 2, E));
    OK(runloop_params_set_int(params, "/~01", 3, E));
    OK(runloop_params_set_int(params, "/", 4, E));
    OK(runloop_params_set_int(params, "/ /\xc3\xa4", 5, E));
    OK(runloop_params_append_string(params, "/mounts/-/x", "y", E));
    check_json(params, "{\"a/b\":1,\"m~n\":2,\"~1\":3,\"\":4,\" \":{\"\xc3\xa4\":5},\"mounts\":[{\"x\":[\"y\"]}]}");
    runloop_params_free(params);
    group("arrays, escaped and empty places");
}

static void refusals(void)
{
    static const char before[] = "{\"name\":\"x\",\"list\":[1]}";
    static const char *const places[] = {"", "name", "/~", "/~2", "/name/x", "/list/2", "/list/01", "/list/x", "/list/-1", "/list/0/x", "/list/99999999999999999999"};
    static const char *const no_json[] = {"", "{", "nul", "{\"a\":}", "1 2", "'a'", "{\"a\":1,}", "[1", "\"\\ud800\"", "NaN", "\x01"};
    static const char *const no_object[] = {"[]", "1", "\"text\"", "null", "true"};
    runloop_params *params, *other;
    size_t i;
    OK(runloop_params_from_json(before, strlen(before), &params, E));
    for (i = 0; i < sizeof places / sizeof *places; i++) {
        CHECK_STATUS(runloop_params_set_int(params, places[i], 1, E), RUNLOOP_INVALID_ARGUMENT);
        CHECK_STATUS(runloop_params_append_string(params, places[i], "x", E), RUNLOOP_INVALID_ARGUMENT);
        check_json(params, before);
    }
    CHECK_STATUS(runloop_params_append_int(params, "/name", 1, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "/name");
    CHECK_STATUS(runloop_params_append_int(params, "/list/0", 1, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_params_set_double(params, "/x", NAN, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_params_set_double(params, "/x", INFINITY, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_params_append_double(params, "/list", -INFINITY, E), RUNLOOP_INVALID_ARGUMENT);
    for (i = 0; i < sizeof no_json / sizeof *no_json; i++) {
        CHECK_STATUS(runloop_params_from_json(no_json[i], strlen(no_json[i]), &other, E), RUNLOOP_INVALID_ARGUMENT);
        CHECK_HAS(last_message(), "JSON");
        CHECK(other == NULL);
        CHECK_STATUS(runloop_params_set_json(params, "/x", no_json[i], E), RUNLOOP_INVALID_ARGUMENT);
        CHECK_HAS(last_message(), "JSON");
        CHECK_STATUS(runloop_params_append_json(params, "/list", no_json[i], E), RUNLOOP_INVALID_ARGUMENT);
    }
    for (i = 0; i < sizeof no_object / sizeof *no_object; i++) {
        CHECK_STATUS(runloop_params_from_json(no_object[i], strlen(no_object[i]), &other, E), RUNLOOP_INVALID_ARGUMENT);
        CHECK_HAS(last_message(), "object");
    }
    CHECK_STATUS(runloop_params_from_json("{\"a\":\"\xff\"}", 9, &other, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_params_from_json(NULL, 0, &other, E), RUNLOOP_INVALID_ARGUMENT);
    /* The length counts, not a NUL. */
    OK(runloop_params_from_json("{\"a\":1}garbage", 7, &other, E));
    check_json(other, "{\"a\":1}");
    runloop_params_free(other);
    check_json(params, before);
    runloop_params_free(params);
    group("what is no JSON, no object, no place");
}

static runloop_value *answer(const char *json)
{
    runloop_devbox *devbox;
    runloop_value *value;
    script_answer(server, 200, "", json);
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    OK(runloop_devbox_get_info(devbox, NULL, &value, E));
    runloop_devbox_free(devbox);
    return value;
}

static const char *string_at(const runloop_value *value, const char *pointer)
{
    const char *text;
    size_t length;
    OK(runloop_value_get_string(value, pointer, &text, &length, E));
    CHECK_INT(strlen(text), length);
    return text;
}

static void reading(void)
{
    static const char json[] = "{\"id\":\"dbx_1\",\"status\":\"running\",\"int\":-42,\"big\":18446744073709551615,\"half\":0.5,\"whole\":3.0,"
                               "\"true\":true,\"false\":false,\"null\":null,\"nul\":\"a\\u0000b\",\"text\":\"gr\\u00fc\\u00df \\ud83d\\ude00\","
                               "\"list\":[{\"status\":\"queued\"},\"x\",[]],\"a/b\":{\"m~n\":1},\"unknown_to_us\":{\"z\":1,\"a\":2}}";
    runloop_value *value = answer(json), *child;
    const char *text, *again, *key;
    size_t length;
    int64_t number;
    double real;
    int32_t truth;

    CHECK_TEXT(runloop_value_json(value, &length), "{\"id\":\"dbx_1\",\"status\":\"running\",\"int\":-42,\"big\":18446744073709551615,"
        "\"half\":0.5,\"whole\":3.0,\"true\":true,\"false\":false,\"null\":null,\"nul\":\"a\\u0000b\",\"text\":\"gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80\","
        "\"list\":[{\"status\":\"queued\"},\"x\",[]],\"a/b\":{\"m~n\":1},\"unknown_to_us\":{\"z\":1,\"a\":2}}");
    CHECK_INT(length, strlen(runloop_value_json(value, NULL)));

    CHECK_TEXT(string_at(value, "/status"), "running");
    CHECK_TEXT(string_at(value, "/list/0/status"), "queued");
    CHECK_TEXT(string_at(value, "/text"), "gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80");
    CHECK_TEXT(string_at(value, "/nul"), "a b");
    OK(runloop_value_get_string(value, "/status", &text, NULL, E));
    OK(runloop_value_get_string(value, "/status", &again, NULL, E));
    CHECK_TEXT(text, again);

    OK(runloop_value_get_int(value, "/int", &number, E));
    CHECK_INT(number, -42);
    OK(runloop_value_get_int(value, "/a~1b/m~0n", &number, E));
    CHECK_INT(number, 1);
    OK(runloop_value_get_double(value, "/half", &real, E));
    CHECK(real == 0.5);
    OK(runloop_value_get_double(value, "/int", &real, E));
    CHECK(real == -42.0);
    OK(runloop_value_get_double(value, "/big", &real, E));
    CHECK(real == 18446744073709551615.0);
    OK(runloop_value_get_bool(value, "/true", &truth, E));
    CHECK_INT(truth, 1);
    OK(runloop_value_get_bool(value, "/false", &truth, E));
    CHECK_INT(truth, 0);

    CHECK_INT(runloop_value_kind(value, ""), RUNLOOP_KIND_OBJECT);
    CHECK_INT(runloop_value_kind(value, "/null"), RUNLOOP_KIND_NULL);
    CHECK_INT(runloop_value_kind(value, "/true"), RUNLOOP_KIND_BOOL);
    CHECK_INT(runloop_value_kind(value, "/int"), RUNLOOP_KIND_INT);
    CHECK_INT(runloop_value_kind(value, "/half"), RUNLOOP_KIND_DOUBLE);
    CHECK_INT(runloop_value_kind(value, "/big"), RUNLOOP_KIND_DOUBLE);
    CHECK_INT(runloop_value_kind(value, "/text"), RUNLOOP_KIND_STRING);
    CHECK_INT(runloop_value_kind(value, "/list"), RUNLOOP_KIND_ARRAY);
    CHECK_INT(runloop_value_kind(value, "/list/2"), RUNLOOP_KIND_ARRAY);
    CHECK_INT(runloop_value_kind(value, "/absent"), RUNLOOP_KIND_NONE);
    CHECK_INT(runloop_value_kind(value, "no pointer"), RUNLOOP_KIND_NONE);
    CHECK_INT(runloop_value_kind(value, "/\xff"), RUNLOOP_KIND_NONE);
    CHECK_INT(runloop_value_kind(value, NULL), RUNLOOP_KIND_NONE);

    OK(runloop_value_length(value, "/list", &length, E));
    CHECK_INT(length, 3);
    OK(runloop_value_length(value, "/list/2", &length, E));
    CHECK_INT(length, 0);
    OK(runloop_value_length(value, "", &length, E));
    CHECK_INT(length, 14);
    OK(runloop_value_key(value, "/unknown_to_us", 0, &key, E));
    CHECK_TEXT(key, "z");
    OK(runloop_value_key(value, "/unknown_to_us", 1, &key, E));
    CHECK_TEXT(key, "a");

    /* A child outlives its parent. */
    OK(runloop_value_child(value, "/list/0", &child, E));
    runloop_value_free(value);
    CHECK_TEXT(string_at(child, "/status"), "queued");
    CHECK_TEXT(runloop_value_json(child, NULL), "{\"status\":\"queued\"}");
    runloop_value_free(child);
    CHECK(runloop_value_json(child, &length) == NULL);
    CHECK_INT(length, 0);
    group("getters");
}

static void what_is_not_there(void)
{
    runloop_value *value = answer("{\"text\":\"x\",\"int\":1,\"half\":1.5,\"list\":[1],\"object\":{\"a\":1},\"null\":null,\"big\":18446744073709551615}"), *child;
    const char *text = "before";
    size_t length = 9;
    int64_t number = 9;
    double real = 9;
    int32_t truth = 9;
    CHECK_STATUS(runloop_value_get_string(value, "/absent", &text, &length, E), RUNLOOP_NO_SUCH_FIELD);
    CHECK_HAS(last_message(), "/absent");
    CHECK(text == NULL && length == 0);
    CHECK_STATUS(runloop_value_get_string(value, "/int", &text, &length, E), RUNLOOP_NO_SUCH_FIELD);
    CHECK_HAS(last_message(), "/int");
    CHECK_STATUS(runloop_value_get_string(value, "/null", &text, NULL, E), RUNLOOP_NO_SUCH_FIELD);
    CHECK_STATUS(runloop_value_get_string(value, "", &text, NULL, E), RUNLOOP_NO_SUCH_FIELD);
    CHECK_STATUS(runloop_value_get_int(value, "/text", &number, E), RUNLOOP_NO_SUCH_FIELD);
    CHECK_INT(number, 0);
    CHECK_STATUS(runloop_value_get_int(value, "/half", &number, E), RUNLOOP_NO_SUCH_FIELD);
    CHECK_STATUS(runloop_value_get_int(value, "/big", &number, E), RUNLOOP_NO_SUCH_FIELD);
    CHECK_HAS(last_message(), "64 bits");
    CHECK_INT(number, 0);
    CHECK_STATUS(runloop_value_get_int(value, "/list/1", &number, E), RUNLOOP_NO_SUCH_FIELD);
    CHECK_STATUS(runloop_value_get_int(value, "/list/-", &number, E), RUNLOOP_NO_SUCH_FIELD);
    CHECK_STATUS(runloop_value_get_int(value, "/list/00", &number, E), RUNLOOP_NO_SUCH_FIELD);
    CHECK_STATUS(runloop_value_get_double(value, "/text", &real, E), RUNLOOP_NO_SUCH_FIELD);
    CHECK(real == 0);
    CHECK_STATUS(runloop_value_get_bool(value, "/int", &truth, E), RUNLOOP_NO_SUCH_FIELD);
    CHECK_INT(truth, 0);
    CHECK_STATUS(runloop_value_length(value, "/text", &length, E), RUNLOOP_NO_SUCH_FIELD);
    CHECK_STATUS(runloop_value_key(value, "/object", 1, &text, E), RUNLOOP_NO_SUCH_FIELD);
    CHECK_STATUS(runloop_value_key(value, "/object", (size_t)-1, &text, E), RUNLOOP_NO_SUCH_FIELD);
    CHECK_STATUS(runloop_value_key(value, "/list", 0, &text, E), RUNLOOP_NO_SUCH_FIELD);
    CHECK_STATUS(runloop_value_child(value, "/absent", &child, E), RUNLOOP_NO_SUCH_FIELD);
    CHECK(child == NULL);
    CHECK_STATUS(runloop_value_get_int(value, "int", &number, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_value_get_int(value, "/~2", &number, E), RUNLOOP_INVALID_ARGUMENT);
    runloop_value_free(value);
    CHECK_STATUS(runloop_value_get_int(value, "/int", &number, E), RUNLOOP_INVALID_HANDLE);
    group("what is not there, or of another kind");
}

/* As JSON, as a part of it, in a body, in what is added to a body, and in a query. */
static void large_numbers(void)
{
    static const char *const text =
        "{\"a\":123456789012345678901234567890,\"b\":[-0.10000000000000000001,18446744073709551616],\"c\":1.0}";
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_params *params, *copy, *more;
    runloop_value *value;
    const char *sent;
    int before = script_requests(server);
    OK(runloop_params_from_json(text, strlen(text), &params, E));
    OK(runloop_params_clone(params, &copy, E));
    check_json(copy, text);
    runloop_params_free(copy);
    OK(runloop_params_new(&more, E));
    OK(runloop_params_set_json(more, "/n", "-123456789012345678901234567890", E));
    OK(runloop_params_set_int(more, "/least", INT64_MIN, E));
    options.extra_body = more;
    script_answer(server, 200, "", text);
    OK(runloop_client_request(client, "POST", "/v1/x", more, params, &options, NULL, NULL, &value, NULL, E));
    CHECK_TEXT(runloop_value_json(value, NULL), text);
    runloop_value_free(value);
    sent = script_request(server, before);
    CHECK_HAS(sent, "POST /v1/x?n=-123456789012345678901234567890&least=-9223372036854775808 ");
    CHECK_TEXT(strstr(sent, "\r\n\r\n") + 4,
               "{\"a\":123456789012345678901234567890,\"b\":[-0.10000000000000000001,18446744073709551616],\"c\":1.0,"
               "\"n\":-123456789012345678901234567890,\"least\":-9223372036854775808}");
    runloop_params_free(params);
    runloop_params_free(more);
    group("numbers of any size keep their digits");
}

int main(void)
{
    begin("test_params");
    building();
    arrays_and_odd_places();
    refusals();
    server = script_start();
    client = new_client(script_url(server));
    reading();
    what_is_not_there();
    large_numbers();
    runloop_client_free(client);
    script_stop(server);
    return finish();
}

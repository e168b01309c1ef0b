/* Lists walked through page after page, safe against servers that go round in circles. */

#include "scripted.h"

static runloop_devbox_cursor *devboxes(void)
{
    runloop_devbox_cursor *cursor;
    OK(runloop_devbox_list(client, NULL, &cursor, E));
    return cursor;
}

static void expect(runloop_devbox_cursor *cursor, const char *id)
{
    runloop_devbox *devbox;
    OK(runloop_devbox_cursor_next(cursor, NULL, &devbox, NULL, E));
    if (id)
        CHECK_TEXT(runloop_devbox_id(devbox), id);
    else
        CHECK(devbox == NULL);
    runloop_devbox_free(devbox);
}

static void to_the_end(void)
{
    runloop_devbox_cursor *cursor = devboxes();
    int before = script_requests(server);
    /* More is said in several ways. */
    answer("{\"devboxes\":[{\"id\":\"a\"},{\"id\":\"b\"}],\"has_more\":\"true\"}");
    answer("{\"devboxes\":[{\"id\":\"c\"}],\"has_more\":1}");
    answer("{\"devboxes\":[],\"has_more\":true}");
    expect(cursor, "a");
    expect(cursor, "b");
    CHECK_INT(script_requests(server), before + 1);
    expect(cursor, "c");
    expect(cursor, NULL);
    CHECK_INT(script_requests(server), before + 3);
    check_sent(0, "GET /v1/devboxes?starting_after=c", "");
    expect(cursor, NULL);
    CHECK_INT(script_requests(server), before + 3);
    runloop_devbox_cursor_free(cursor);
    group("to the end, which an empty page is");
}

static void in_circles(void)
{
    runloop_devbox_cursor *cursor = devboxes();
    runloop_devbox *devbox;
    answer("{\"devboxes\":[{\"id\":\"a\"}],\"has_more\":true}");
    answer("{\"devboxes\":[{\"id\":\"b\"}],\"has_more\":true}");
    answer("{\"devboxes\":[{\"id\":\"a\"}],\"has_more\":true}");
    expect(cursor, "a");
    expect(cursor, "b");
    CHECK_STATUS(runloop_devbox_cursor_next(cursor, NULL, &devbox, NULL, E), RUNLOOP_PROTOCOL);
    CHECK_HAS(last_message(), "came back to a");
    runloop_devbox_cursor_free(cursor);

    /* No list, and then the same page again. */
    cursor = devboxes();
    answer("{\"things\":[]}");
    CHECK_STATUS(runloop_devbox_cursor_next(cursor, NULL, &devbox, NULL, E), RUNLOOP_PROTOCOL);
    script_answer(server, 401, "", "{}");
    CHECK_STATUS(runloop_devbox_cursor_next(cursor, NULL, &devbox, NULL, E), RUNLOOP_AUTHENTICATION);
    answer("{\"devboxes\":[{\"id\":\"a\"}],\"has_more\":null}");
    expect(cursor, "a");
    expect(cursor, NULL);
    runloop_devbox_cursor_free(cursor);
    group("a list that goes round in circles is told");
}

/* An item without an identifier costs itself, and as the last of its page the pages that follow; asking again sends nothing. */
static void odd_items(void)
{
    static const char *const odd[] = {"{\"name\":\"x\"}", "{\"id\":\"\"}", "{\"id\":\"..\"}", "{\"id\":null}", "null", "[]", "\"x\""};
    char page[200];
    size_t i;
    for (i = 0; i < sizeof odd / sizeof *odd; i++) {
        runloop_devbox_cursor *cursor = devboxes();
        runloop_devbox *devbox;
        int before = script_requests(server), j;
        snprintf(page, sizeof page, "{\"devboxes\":[{\"id\":\"a\"},%s,{\"id\":\"7\"}],\"has_more\":true}", odd[i]);
        answer(page);
        snprintf(page, sizeof page, "{\"devboxes\":[{\"id\":\"b\"},%s],\"has_more\":true}", odd[i]);
        answer(page);
        expect(cursor, "a");
        CHECK_STATUS(runloop_devbox_cursor_next(cursor, NULL, &devbox, NULL, E), RUNLOOP_PROTOCOL);
        CHECK_HAS(last_message(), "an item of the list has no id");
        expect(cursor, "7");
        expect(cursor, "b");
        check_sent(0, "GET /v1/devboxes?starting_after=7", "");
        CHECK_STATUS(runloop_devbox_cursor_next(cursor, NULL, &devbox, NULL, E), RUNLOOP_PROTOCOL);
        CHECK_HAS(last_message(), "an item of the list has no id");
        for (j = 0; j < 2; j++) {
            CHECK_STATUS(runloop_devbox_cursor_next(cursor, NULL, &devbox, NULL, E), RUNLOOP_PROTOCOL);
            CHECK_HAS(last_message(), "there are more devboxes");
        }
        CHECK_INT(script_requests(server), before + 2);
        runloop_devbox_cursor_free(cursor);
    }
    group("items without an identifier leave the others");
}

int main(void)
{
    begin("test_lists");
    scripted_start();
    to_the_end();
    in_circles();
    odd_items();
    scripted_stop();
    return finish();
}

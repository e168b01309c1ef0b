// Files and directories of a devbox.

#include "transfer.hpp"

using namespace runloop;

const Operations file_operations = {
    {"devbox_read_file", of_devbox([](Step &step, const Devbox &devbox) {
         step.output("contents", devbox.read_file(step.text("/path"), step.options()));
     })},
    {"devbox_write_file", of_devbox([](Step &step, const Devbox &devbox) {
         step.did(devbox.write_file(step.text("/path"), step.bytes("/contents"), step.options()));
     })},
    {"devbox_upload_file", of_devbox([](Step &step, const Devbox &devbox) {
         step.did(devbox.upload_file(step.text("/path"), StepSource(step).get(), step.options()));
     })},
    {"devbox_download_file", of_devbox([](Step &step, const Devbox &devbox) {
         if (step.says("/to", "memory"))
             step.output("contents", devbox.download_file(step.text("/path"), step.options()));
         else
             into_sink(step, [&](const Sink &sink) { return devbox.download_file(step.text("/path"), sink, step.options()); });
     })},
    {"devbox_upload_dir", of_devbox([](Step &step, const Devbox &devbox) {
         const StepTree tree(step);
         step.did(devbox.upload_dir(step.text("/local_path"), step.text("/remote_path"), tree.options(), step.options()));
     })},
    {"devbox_download_dir", of_devbox([](Step &step, const Devbox &devbox) {
         const StepTree tree(step);
         step.did(devbox.download_dir(step.text("/remote_path"), step.text("/local_path"), tree.options(), step.options()));
     })},
};

fn main() {
    runloop_emulator::main();
}

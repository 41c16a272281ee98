#include "app/command_line.h"

int main(int argc, char** argv) { return muster::app::run_command(argc, argv); }

// SPDX-License-Identifier: Apache-2.0
// SystemC owns main(); a test program that elaborates models starts here.
#include <gtest/gtest.h>
#include <systemc>

int sc_main(int argc, char** argv) {
    sc_core::sc_report_handler::set_actions("/IEEE_Std_1666/deprecated", sc_core::SC_DO_NOTHING);
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}

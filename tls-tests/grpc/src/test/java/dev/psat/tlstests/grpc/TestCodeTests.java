package dev.psat.tlstests.grpc;

import dev.psat.support.TestCodeContract;

class TestCodeTests extends TestCodeContract {

}

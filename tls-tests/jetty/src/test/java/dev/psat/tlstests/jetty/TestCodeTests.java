package dev.psat.tlstests.jetty;

import dev.psat.support.TestCodeContract;

class TestCodeTests extends TestCodeContract {

}

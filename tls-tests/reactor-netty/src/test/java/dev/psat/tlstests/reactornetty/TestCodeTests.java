package dev.psat.tlstests.reactornetty;

import dev.psat.support.TestCodeContract;

class TestCodeTests extends TestCodeContract {

}

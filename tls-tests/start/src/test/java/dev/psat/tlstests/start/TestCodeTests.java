package dev.psat.tlstests.start;

import dev.psat.support.TestCodeContract;

class TestCodeTests extends TestCodeContract {

}

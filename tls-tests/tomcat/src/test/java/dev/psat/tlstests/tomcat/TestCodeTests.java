package dev.psat.tlstests.tomcat;

import dev.psat.support.TestCodeContract;

class TestCodeTests extends TestCodeContract {

}

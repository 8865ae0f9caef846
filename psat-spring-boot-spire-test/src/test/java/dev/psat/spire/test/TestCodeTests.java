package dev.psat.spire.test;

import dev.psat.support.TestCodeContract;

class TestCodeTests extends TestCodeContract {

}

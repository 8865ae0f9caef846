package dev.psat.spire;

import dev.psat.support.TestCodeContract;

class TestCodeTests extends TestCodeContract {

}

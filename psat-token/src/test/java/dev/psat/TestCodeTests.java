package dev.psat;

import dev.psat.support.TestCodeContract;

class TestCodeTests extends TestCodeContract {

}

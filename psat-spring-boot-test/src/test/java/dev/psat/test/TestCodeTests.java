package dev.psat.test;

import dev.psat.support.TestCodeContract;

class TestCodeTests extends TestCodeContract {

}

package dev.psat.docs;

import dev.psat.support.TestCodeContract;

class TestCodeTests extends TestCodeContract {

}

package dev.psat.spire.client;

import dev.psat.support.TestCodeContract;

class TestCodeTests extends TestCodeContract {

}

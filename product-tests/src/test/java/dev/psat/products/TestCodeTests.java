package dev.psat.products;

import dev.psat.support.TestCodeContract;

class TestCodeTests extends TestCodeContract {

}

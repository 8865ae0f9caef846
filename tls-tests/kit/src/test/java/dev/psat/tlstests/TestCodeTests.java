package dev.psat.tlstests;

import dev.psat.support.TestCodeContract;

class TestCodeTests extends TestCodeContract {

	TestCodeTests() {
		super("target/classes");
	}

}

package dev.psat.support;

class TestCodeTests extends TestCodeContract {

	TestCodeTests() {
		super("target/classes");
	}

}

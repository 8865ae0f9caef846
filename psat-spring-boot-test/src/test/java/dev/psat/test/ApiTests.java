package dev.psat.test;

import java.util.stream.Stream;

import dev.psat.support.ApiContract;

/**
 * The rules for what tests of applications use.
 */
class ApiTests extends ApiContract {

	@Override
	protected Stream<String> publicTypes() {
		return Stream
			.of("SigningAlgorithm", "SimulatedKubelet", "SimulatedKubeletBuilder", "SimulatedKubeletConfiguration")
			.map("test."::concat);
	}

	@Override
	protected Stream<String> publicRecords() {
		return Stream.empty();
	}

}

package dev.psat.support;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TestCodeContractTests {

	private final TestCodeContract contract = new TestCodeContract("target/test-classes") {
	};

	@Test
	void plainCollectionThatIsWrittenByLambdaReferenceOrCallbackIsFound() {
		assertFinds(this.contract::nothingThatIsCalledBackWritesIntoPlainCollection, "byLambda", "byReference",
				"byLambdaIntoLocal", "run");
	}

	@Test
	void collectionThatIsMerelySynchronizedIsFound() {
		assertFinds(this.contract::noCollectionIsMerelySynchronized, "<init>");
	}

	private static void assertFinds(ThrowingCallable rule, String... units) {
		assertThatExceptionOfType(AssertionError.class).isThrownBy(rule).satisfies((error) -> {
			for (String unit : units) {
				assertThatMessage(error).contains("Written." + unit + "(");
			}
			assertThatMessage(error).doesNotContain("Harmless");
		});
	}

	private static AbstractStringAssert<?> assertThatMessage(Throwable error) {
		return assertThat(String.valueOf(error.getMessage()).replace('$', '.'));
	}

	/** What the rules are about. */
	static final class Written implements Runnable {

		private final List<String> plain = new ArrayList<>();

		private final List<String> merelySynchronized = Collections.synchronizedList(new ArrayList<>());

		Thread byLambda() {
			return new Thread(() -> this.plain.add("one"));
		}

		Thread byReference() {
			return new Thread(this.plain::clear);
		}

		Thread byLambdaIntoLocal() {
			List<String> local = new ArrayList<>(this.merelySynchronized);
			return new Thread(() -> local.add("one"));
		}

		@Override
		public void run() {
			this.plain.add("one");
		}

	}

	/** What they are not about. */
	static final class Harmless implements Runnable {

		private final List<String> safe = new CopyOnWriteArrayList<>();

		List<String> copy() {
			List<String> plain = new ArrayList<>();
			this.safe.forEach(plain::add);
			this.safe.forEach((one) -> plain.add(one + one));
			return plain;
		}

		Thread byLambda() {
			return new Thread(() -> this.safe.add("one"));
		}

		@Override
		public void run() {
			this.safe.add("one");
		}

	}

}

package dev.psat.spire.internal;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.psat.spire.SpireObserver;
import dev.psat.spire.client.FailureReason;
import dev.psat.spire.client.TestFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link Outcomes}.
 */
@ExtendWith(OutputCaptureExtension.class)
class OutcomesTests {

	private final Outcomes outcomes = new Outcomes();

	private final List<String> told = new CopyOnWriteArrayList<>();

	@Test
	void observersAreToldOfSuccesses() {
		this.outcomes.add(new Teller());
		this.outcomes.renewed(null);
		this.outcomes.refreshed(null);
		assertThat(this.told).containsExactly("renewed success", "refreshed success");
	}

	@Test
	void observersAreToldOfFailuresInKebabCase() {
		this.outcomes.add(new Teller());
		this.outcomes.renewed(new VisitException(VisitException.OwnReason.NO_ENTRY, "on purpose", "None."));
		this.outcomes.refreshed(new VisitException(FailureReason.UNREACHABLE, "on purpose", "None."));
		assertThat(this.told).containsExactly("renewed no-entry", "refreshed unreachable");
	}

	@Test
	void observerThatWasAddedTwiceIsRemovedOnce() {
		Teller teller = new Teller();
		this.outcomes.add(teller);
		this.outcomes.add(teller);
		this.outcomes.remove(teller);
		this.outcomes.renewed(null);
		assertThat(this.told).isEmpty();
	}

	@Test
	void observerThatThrowsKeepsNothingFromTheOthersAndIsWarnedOfOnce(CapturedOutput output) {
		this.outcomes.add(new SpireObserver() {

			@Override
			public void x509SvidRequested(String outcome) {
				throw new StackOverflowError("on purpose");
			}

		});
		this.outcomes.add(new Teller());
		this.outcomes.renewed(null);
		this.outcomes.renewed(null);
		assertThat(this.told).containsExactly("renewed success", "renewed success");
		assertThat(output.getOut().lines().filter((line) -> line.contains("An observer"))).hasSize(1);
	}

	/**
	 * Kotlin knows no checked exceptions.
	 */
	@Test
	void observerThatThrowsACheckedExceptionFailsNothing() {
		this.outcomes.add(new SpireObserver() {

			@Override
			public void x509SvidRequested(String outcome) {
				throw sneaky(new IOException("on purpose"));
			}

		});
		this.outcomes.add(new Teller());
		this.outcomes.renewed(null);
		assertThat(this.told).containsExactly("renewed success");
	}

	@Test
	void observerThatHasLeftIsToldNothing() {
		Teller leaving = new Teller();
		this.outcomes.add(leaving);
		this.outcomes.remove(leaving);
		this.outcomes.renewed(null);
		assertThat(this.told).isEmpty();
	}

	@Test
	void requestIsMadeBetweenNotificationsOfItsBeginningAndItsEnd() throws VisitException {
		this.outcomes.add(new Asker("first"));
		this.outcomes.add(new Teller());
		this.outcomes.add(new Asker("second"));
		String answer = this.outcomes.observed(Outcomes.jwtSvid(List.of("bank")), () -> {
			this.told.add("made");
			return "answer";
		});
		assertThat(answer).isEqualTo("answer");
		assertThat(this.told).containsExactly("first JWT_SVID [bank]", "second JWT_SVID [bank]", "made",
				"second success", "first success");
	}

	@Test
	void endIsToldHoweverRequestFails() {
		this.outcomes.add(new Asker("observer"));
		VisitException refused = new VisitException(VisitException.OwnReason.TOKEN_UNAVAILABLE, "on purpose", "None.");
		for (Throwable failure : List.of(refused, TestFailure.of(FailureReason.RATE_LIMITED),
				new IllegalStateException("on purpose"), new StackOverflowError("on purpose"))) {
			assertThatItIsThrown(failure);
		}
		assertThat(this.told).filteredOn((told) -> !told.contains("ATTESTATION"))
			.containsExactly("observer token-unavailable", "observer rate-limited", "observer unexpected",
					"observer unexpected");
	}

	private void assertThatItIsThrown(Throwable failure) {
		assertThatThrownBy(() -> this.outcomes.observed(Outcomes.attestation(), () -> {
			if (failure instanceof Error error) {
				throw error;
			}
			throw (Exception) failure;
		})).isSameAs(failure);
	}

	@Test
	void observerThatThrowsKeepsNoRequestFromBeingMadeAndNobodyFromItsEnd(CapturedOutput output) {
		this.outcomes.add(new Asker("first"));
		this.outcomes.add(new SpireObserver() {

			@Override
			public Ending requesting(Request request) {
				throw new StackOverflowError("on purpose");
			}

		});
		this.outcomes.add(new SpireObserver() {

			@Override
			public Ending requesting(Request request) {
				return (outcome) -> {
					throw new NoClassDefFoundError("on purpose");
				};
			}

		});
		this.outcomes.add(new Asker("last"));
		for (int i = 0; i < 2; i++) {
			this.told.clear();
			assertThat(this.outcomes.<String, RuntimeException>observed(Outcomes.x509Svid(), () -> "answer"))
				.isEqualTo("answer");
			assertThat(this.told).containsExactly("first X509_SVID []", "last X509_SVID []", "last success",
					"first success");
		}
		assertThat(output.getOut().lines().filter((line) -> line.contains("An observer"))).hasSize(2);
	}

	/**
	 * Otherwise, one that closes what it has opened would close what it has not.
	 */
	@Test
	void observerThatComesOrGoesDuringRequestIsToldOfBothEndsOrNeither() {
		Asker leaving = new Asker("leaving");
		this.outcomes.add(leaving);
		this.outcomes.<String, RuntimeException>observed(Outcomes.x509Svid(), () -> {
			this.outcomes.remove(leaving);
			this.outcomes.add(new Asker("late"));
			return "answer";
		});
		assertThat(this.told).containsExactly("leaving X509_SVID []", "leaving success");
	}

	private final class Asker implements SpireObserver {

		private final String name;

		private Asker(String name) {
			this.name = name;
		}

		@Override
		public Ending requesting(Request request) {
			OutcomesTests.this.told.add(this.name + " " + request.type() + " " + request.audience());
			return (outcome) -> OutcomesTests.this.told.add(this.name + " " + outcome);
		}

	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> RuntimeException sneaky(Throwable failure) throws T {
		throw (T) failure;
	}

	private final class Teller implements SpireObserver {

		@Override
		public void x509SvidRequested(String outcome) {
			OutcomesTests.this.told.add("renewed " + outcome);
		}

		@Override
		public void refreshed(String outcome) {
			OutcomesTests.this.told.add("refreshed " + outcome);
		}

	}

}

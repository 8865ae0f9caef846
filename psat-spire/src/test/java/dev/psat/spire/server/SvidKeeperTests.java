package dev.psat.spire.server;

import dev.psat.spire.internal.HeldSvid;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SvidKeeper}.
 */
class SvidKeeperTests {

	private final HeldSvid.Subject subject = SvidKeeper.subject(new TestEntry().build());

	@Test
	void subjectIsThatOfAnEntryAndItsRevision() {
		assertThat(SvidKeeper.subject(new TestEntry().hint("another").build())).isEqualTo(this.subject);
		assertThat(SvidKeeper.subject(new TestEntry().id("another").build())).isNotEqualTo(this.subject);
		assertThat(SvidKeeper.subject(new TestEntry().revisionNumber(1).build())).isNotEqualTo(this.subject);
		assertThat(SvidKeeper.subject(new TestEntry().spiffeId("spiffe://example.org/other").build()))
			.isNotEqualTo(this.subject);
	}

	@Test
	void jwtSvidWithAnIdIsForASingleUse() {
		assertThat(this.subject.singleUse()).isFalse();
		assertThat(SvidKeeper.subject(new TestEntry().jwtSvidIncludesJti().build()).singleUse()).isTrue();
	}

}

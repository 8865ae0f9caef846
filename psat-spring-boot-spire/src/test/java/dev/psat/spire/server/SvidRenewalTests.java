package dev.psat.spire.server;

import dev.psat.spire.internal.SvidSubject;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SvidRenewal}.
 */
class SvidRenewalTests {

	private final SvidSubject subject = SvidRenewal.subject(new TestEntry().build());

	@Test
	void subjectIsThatOfAnEntryAndItsRevision() {
		assertThat(SvidRenewal.subject(new TestEntry().hint("another").build())).isEqualTo(this.subject);
		assertThat(SvidRenewal.subject(new TestEntry().id("another").build())).isNotEqualTo(this.subject);
		assertThat(SvidRenewal.subject(new TestEntry().revisionNumber(1).build())).isNotEqualTo(this.subject);
		assertThat(SvidRenewal.subject(new TestEntry().spiffeId("spiffe://example.org/other").build()))
			.isNotEqualTo(this.subject);
	}

	@Test
	void jwtSvidWithAnIdIsForASingleUse() {
		assertThat(this.subject.singleUse()).isFalse();
		assertThat(SvidRenewal.subject(new TestEntry().jwtSvidIncludesJti().build()).singleUse()).isTrue();
	}

}

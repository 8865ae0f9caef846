package dev.psat.spire.tls.internal;

import java.time.Instant;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FirstDue}.
 */
class FirstDueTests {

	private static final Instant SOON = Instant.parse("2026-11-25T10:00:00Z");

	private static final Instant LATER = SOON.plusSeconds(60);

	private final FirstDue first = new FirstDue();

	@Test
	void isTheFirstOfAll() {
		assertThat(this.first.get()).isEqualTo(Instant.MAX);
		this.first.expect(LATER);
		this.first.expect(SOON);
		this.first.expect(LATER);
		assertThat(this.first.get()).isEqualTo(SOON);
	}

	@Test
	void countsUntilAllHaveBeenLookedAt() {
		this.first.expect(SOON);
		this.first.begin();
		assertThat(this.first.get()).isEqualTo(SOON);
		this.first.expect(LATER);
		assertThat(this.first.get()).isEqualTo(SOON);
		this.first.complete();
		assertThat(this.first.get()).isEqualTo(LATER);
	}

	@Test
	void countsOnWhereNotAllCouldBeLookedAt() {
		this.first.expect(SOON);
		this.first.begin();
		this.first.begin();
		assertThat(this.first.get()).isEqualTo(SOON);
		this.first.complete();
		assertThat(this.first.get()).isEqualTo(Instant.MAX);
	}

	@Test
	void connectionThatComesMeanwhileCounts() {
		this.first.begin();
		this.first.expect(SOON);
		assertThat(this.first.get()).isEqualTo(SOON);
		this.first.complete();
		assertThat(this.first.get()).isEqualTo(SOON);
	}

}

package dev.psat.tlstests.tomcat.soak;

import java.util.regex.Pattern;

import dev.psat.spire.test.SimulatedSpireServer;
import dev.psat.support.Matrix;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Authorities}.
 */
@Matrix
class AuthoritiesTests {

	@AutoClose
	private final SimulatedSpireServer server = SimulatedSpireServer.builder().build();

	private final Authorities authorities = new Authorities(this.server);

	@Test
	void retiringWithoutAnOldAuthorityChangesNothing() {
		long sequenceNumber = this.server.trustBundle().sequenceNumber();
		this.authorities.retire();
		assertThat(count()).isEqualTo(1);
		assertThat(this.server.trustBundle().sequenceNumber()).isEqualTo(sequenceNumber);
	}

	@Test
	void retiringRemovesAnOldAuthority() {
		rotate();
		assertThat(count()).isEqualTo(2);
		this.authorities.retire();
		assertThat(count()).isEqualTo(1);
	}

	@Test
	void retiringRemovesATaintedAuthority() {
		rotate();
		this.authorities.taint();
		this.authorities.retire();
		assertThat(count()).isEqualTo(1);
	}

	@Test
	void retiringAfterARevocationChangesNothing() {
		rotate();
		this.authorities.taint();
		this.authorities.revoke();
		this.authorities.retire();
		assertThat(count()).isEqualTo(1);
	}

	private void rotate() {
		this.authorities.prepare();
		this.authorities.activate();
	}

	private long count() {
		return Pattern.compile("BEGIN CERTIFICATE").matcher(this.server.trustBundle().toPem()).results().count();
	}

}

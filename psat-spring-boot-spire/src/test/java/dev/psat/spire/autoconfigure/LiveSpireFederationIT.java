package dev.psat.spire.autoconfigure;

import java.io.IOException;
import java.util.Map;

import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Two real servers keep the contract, see CONTRIBUTING.md: besides the properties of
 * {@code LiveSpireServerIT} with {@code spire.live.partner.} the {@code address},
 * {@code trust-domain}, {@code trust-bundle}, {@code cluster}, {@code token} and
 * {@code spiffe-id} of the other one. The entries of both pods must federate with the
 * other trust domain.
 */
@EnabledIfSystemProperty(named = "spire.live.partner.address", matches = ".+",
		disabledReason = "NOT PROVED that federation works: -Dspire.live.partner.address was not said")
class LiveSpireFederationIT extends SpireFederationContract {

	@Override
	Map<String, Object> properties(Side side) throws IOException {
		return server(side).properties();
	}

	@Override
	String spiffeId(Side side) {
		return server(side).required("spiffe-id");
	}

	private static LiveServer server(Side side) {
		return switch (side) {
			case OURS -> LiveServer.OURS;
			case PARTNER -> LiveServer.PARTNER;
		};
	}

}

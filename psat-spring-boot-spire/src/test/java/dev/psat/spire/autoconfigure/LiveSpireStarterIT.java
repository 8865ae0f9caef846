package dev.psat.spire.autoconfigure;

import java.io.IOException;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The starter keeps its contract on a real server, by the properties of
 * {@code LiveSpireServerIT}.
 */
class LiveSpireStarterIT extends SpireStarterContract {

	@Override
	Map<String, Object> properties() throws IOException {
		return LiveServer.OURS.properties();
	}

	@Override
	@Nullable String expectedId() {
		return LiveServer.OURS.spiffeId();
	}

}

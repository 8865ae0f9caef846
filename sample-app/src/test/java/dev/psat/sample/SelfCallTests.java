package dev.psat.sample;

import java.net.SocketException;

import javax.net.ssl.SSLHandshakeException;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;
import org.junit.jupiter.api.Test;

import org.springframework.boot.restclient.autoconfigure.RestClientSsl;
import org.springframework.http.MediaType;
import org.springframework.test.web.client.MockRestServiceServer;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.springframework.test.web.client.match.MockRestRequestMatchers.requestTo;
import static org.springframework.test.web.client.response.MockRestResponseCreators.withException;
import static org.springframework.test.web.client.response.MockRestResponseCreators.withForbiddenRequest;
import static org.springframework.test.web.client.response.MockRestResponseCreators.withSuccess;

/**
 * Tests for {@link SelfCall}.
 */
class SelfCallTests {

	private final SpireIdentity identity = mock();

	private final RestClient.Builder builder = RestClient.builder();

	private final MockRestServiceServer server = MockRestServiceServer.bindTo(this.builder).build();

	private final SelfCall call = selfCall();

	@Test
	void showsWhomTheApplicationHasLetIn() {
		this.server.expect(requestTo("https://localhost:8443/caller")).andRespond(withSuccess("""
				{"id": "spiffe://example.org/orders", "serialNumber": "38"}""", MediaType.APPLICATION_JSON));
		this.call.call();
		assertThat(this.call.last().peer()).isEqualTo(new CallerController.Caller("spiffe://example.org/orders", "38"));
		assertThat(this.call.last().failure()).isNull();
	}

	@Test
	void callsNobodyWithoutAnSvid() {
		given(this.identity.x509Svid())
			.willThrow(new SvidUnavailableException("No X.509-SVID is in force", SpireState.STARTING, "Wait."));
		this.call.call();
		assertThat(this.call.last().failure()).isEqualTo("No X.509-SVID is in force");
		assertThat(this.call.last().peer()).isNull();
	}

	@Test
	void saysWhyACallHasFailed() {
		this.server.expect(requestTo("https://localhost:8443/caller"))
			.andRespond(withException(new SSLHandshakeException("The peer is not listed")));
		this.call.call();
		assertThat(this.call.last().failure()).isEqualTo("The peer is not listed");
	}

	@Test
	void namesAFailureThatHasNoMessage() {
		this.server.expect(requestTo("https://localhost:8443/caller")).andRespond(withException(new SocketException()));
		this.call.call();
		assertThat(this.call.last().failure()).isEqualTo("java.net.SocketException");
	}

	@Test
	void isRefusedByAnAnswerToo() {
		this.server.expect(requestTo("https://localhost:8443/caller")).andRespond(withForbiddenRequest());
		this.call.call();
		assertThat(this.call.last().failure()).startsWith("403");
	}

	private SelfCall selfCall() {
		TlsConnector connector = mock();
		given(connector.localPort()).willReturn(8443);
		RestClientSsl ssl = mock();
		given(ssl.fromBundle(anyString())).willReturn((builder) -> {
		});
		return new SelfCall(this.identity, connector, this.builder, ssl);
	}

}

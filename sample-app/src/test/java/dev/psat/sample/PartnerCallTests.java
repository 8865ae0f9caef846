package dev.psat.sample;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SvidUnavailableException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.restclient.autoconfigure.RestClientSsl;
import org.springframework.http.MediaType;
import org.springframework.test.web.client.MockRestServiceServer;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.springframework.test.web.client.match.MockRestRequestMatchers.requestTo;
import static org.springframework.test.web.client.response.MockRestResponseCreators.withSuccess;

/**
 * Tests for {@link PartnerCall}.
 */
class PartnerCallTests {

	private static final String URL = "https://partner.example/caller";

	private final SpireIdentity identity = mock();

	private final RestClient.Builder builder = RestClient.builder();

	private final MockRestServiceServer partner = MockRestServiceServer.bindTo(this.builder).build();

	@Test
	void showsWhomThePartnerHasSeen() {
		this.partner.expect(requestTo(URL)).andRespond(withSuccess("""
				{"id": "spiffe://example.org/orders", "serialNumber": "38"}""", MediaType.APPLICATION_JSON));
		assertThat(call(URL)).satisfies((outcome) -> {
			assertThat(outcome.peer()).isEqualTo(new CallerController.Caller("spiffe://example.org/orders", "38"));
			assertThat(outcome.failure()).isNull();
		});
	}

	@Test
	void answerWithoutACallerIsAFailure() {
		this.partner.expect(requestTo(URL)).andRespond(withSuccess("""
				{"name": "orders"}""", MediaType.APPLICATION_JSON));
		assertThat(call(URL)).satisfies((outcome) -> {
			assertThat(outcome.peer()).isNull();
			assertThat(outcome.failure()).contains("The answer has no 'id'");
		});
	}

	@Test
	void callsNobodyWithoutAnSvid() {
		given(this.identity.x509Svid())
			.willThrow(new SvidUnavailableException("No X.509-SVID is in force", SpireState.STARTING, "Wait."));
		assertThat(call(URL)).extracting(CallOutcome::failure).isEqualTo("No X.509-SVID is in force");
	}

	@Test
	void callsNobodyWithoutAPartner() {
		assertThat(call("")).isNull();
	}

	@Test
	void callsNobodyInTheClear() {
		assertThatIllegalArgumentException().isThrownBy(() -> call("http://partner.example/caller"))
			.withMessageContaining("'sample.partner-url'");
	}

	private @Nullable CallOutcome call(String url) {
		RestClientSsl ssl = mock();
		given(ssl.fromBundle("partner")).willReturn((builder) -> {
		});
		PartnerCall call = new PartnerCall(this.identity, url, this.builder, ssl);
		call.call();
		return call.last();
	}

}

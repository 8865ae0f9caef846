package dev.psat.docs.stock;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.restclient.test.autoconfigure.RestClientTest;
import org.springframework.http.MediaType;
import org.springframework.test.web.client.MockRestServiceServer;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.client.match.MockRestRequestMatchers.requestTo;
import static org.springframework.test.web.client.response.MockRestResponseCreators.withSuccess;

/**
 * The documentation's example of a test of a client.
 */
// tag::slice[]
@RestClientTest
class StockClientTests {

	@Autowired
	private MockRestServiceServer server;

	@Autowired
	private RestClient.Builder builder;

	@Test
	void asksForTheArticle() {
		this.server.expect(requestTo("/stock/apples")).andRespond(withSuccess("42 apples", MediaType.TEXT_PLAIN));
		assertThat(new StockClient(this.builder.build()).stock("apples")).isEqualTo("42 apples");
	}

}
// end::slice[]

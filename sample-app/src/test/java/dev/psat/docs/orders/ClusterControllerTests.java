package dev.psat.docs.orders;

import dev.psat.test.SimulatedKubeletConfiguration;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The documentation's example of a test of a slice.
 */
// tag::slice[]
@WebMvcTest(ClusterController.class)
@Import(SimulatedKubeletConfiguration.class)
class ClusterControllerTests {

	@Autowired
	private MockMvcTester mvc;

	@Test
	void namesTheCluster() {
		assertThat(this.mvc.get().uri("/cluster")).hasBodyTextEqualTo("demo-cluster");
	}

}
// end::slice[]

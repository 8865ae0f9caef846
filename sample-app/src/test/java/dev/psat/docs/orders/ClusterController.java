package dev.psat.docs.orders;

import dev.psat.PsatAttestor;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The documentation's example of a controller.
 */
@RestController
record ClusterController(PsatAttestor attestor) {

	@GetMapping("/cluster")
	String cluster() {
		return this.attestor.payload().cluster();
	}

}

package dev.psat.docs.tls;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * What the shop has, of everything the same.
 */
@RestController
class StockController {

	@GetMapping("/stock/{article}")
	String stock(@PathVariable String article) {
		return "42 " + article;
	}

}

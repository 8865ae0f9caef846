package dev.psat.docs.inventory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * The service of the documentation's examples of tests with TLS.
 */
@SpringBootApplication
public class InventoryApplication {

	static void main(String[] args) {
		SpringApplication.run(InventoryApplication.class, args);
	}

	/**
	 * What the shop has, of everything the same.
	 */
	@RestController
	static class StockController {

		@GetMapping("/stock/{article}")
		String stock(@PathVariable String article) {
			return "42 " + article;
		}

	}

}

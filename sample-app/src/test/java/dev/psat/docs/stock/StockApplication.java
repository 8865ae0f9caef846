package dev.psat.docs.stock;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * The application of the client.
 */
@SpringBootApplication
class StockApplication {

	static void main(String[] args) {
		SpringApplication.run(StockApplication.class, args);
	}

}

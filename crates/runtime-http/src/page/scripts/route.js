// Addresses of the routes beside the page, whatever path all of them are below.

// `page` is the page's `location`. `fetch` takes no address with a name and a password, which that of the page may have.
export function routeBeside(page, name) {
  return new URL(name, page.origin + page.pathname);
}

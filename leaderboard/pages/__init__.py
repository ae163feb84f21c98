"""Page models of the site: what each template is given."""

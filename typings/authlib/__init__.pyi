# What we use of authlib 1.9, which ships without types. pyright finds this folder by its name.
